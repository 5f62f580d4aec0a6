// A load test to begin with: each visitor asks for the health of the system once a second.
// Let `visit` do what people really do there; this file is yours and not written again.
import { check, sleep } from "k6";
import http from "k6/http";

const address = __ENV.BASE_URL.replace(/\/+$/, "") + "/health/overall";

export const options = {
  stages: [
    { duration: "30s", target: 20 },
    { duration: "3m", target: 20 },
    { duration: "30s", target: 0 },
  ],
  thresholds: {
    http_req_duration: ["p(95)<=2000"],
  },
};

export default function visit() {
  const answer = http.get(address);
  check(answer, { "is well": ({ status }) => status >= 200 && status < 300 });
  sleep(1);
}
