// A load test to begin with: each visitor asks for the health of the system once a second.
// Let `visit` do what people really do there; this file is yours and not written again.
import { check, sleep } from "k6";
import http from "k6/http";

const address = __ENV.BASE_URL.replace(/\/+$/, "") + "/health";

// How many visitors there are, by scenario.
const scenarios = {
  load: [
    { duration: "30s", target: 100 },
    { duration: "3m", target: 100 },
    { duration: "30s", target: 0 },
  ],
  stress: [
    { duration: "1m", target: 100 },
    { duration: "1m", target: 200 },
    { duration: "1m", target: 300 },
    { duration: "1m", target: 400 },
    { duration: "30s", target: 0 },
  ],
  spike: [
    { duration: "30s", target: 100 },
    { duration: "10s", target: 500 },
    { duration: "1m", target: 500 },
    { duration: "10s", target: 100 },
    { duration: "30s", target: 0 },
  ],
  volume: [
    { duration: "30s", target: 300 },
    { duration: "3m", target: 300 },
    { duration: "30s", target: 0 },
  ],
};
if (!(__ENV.SCENARIO in scenarios)) {
  throw new Error(`there is no scenario ${__ENV.SCENARIO}`);
}

export const options = {
  stages: scenarios[__ENV.SCENARIO],
  thresholds: {
    http_req_duration: ["p(95)<=1000"],
    http_req_failed: ["rate<=0.01"],
    http_reqs: ["rate>=50"],
  },
};

export default function visit() {
  const answer = http.get(address);
  check(answer, { "is well": ({ status }) => status >= 200 && status < 300 });
  sleep(1);
}
