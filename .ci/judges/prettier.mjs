// prettier with default options: what we write must already be what it would write.
//
// In (stdin): {"files": [{"path": FILE}]}. Out (stdout): {"judged": [FILE], "findings": [...]}.
import { readFileSync } from "node:fs";
import prettier from "prettier";

function firstDifference(before, after) {
  const [left, right] = [before.split("\n"), after.split("\n")];
  const index = left.findIndex((text, at) => text !== right[at]);
  const at = index < 0 ? left.length : index;
  const wanted = right[at];
  return {
    line: at + 1,
    message:
      wanted === undefined
        ? "prettier would end the file here"
        : `prettier would write \`${wanted}\``,
  };
}

const { files } = JSON.parse(readFileSync(0, "utf8"));
const result = { judged: [], findings: [] };
for (const { path } of files) {
  const before = readFileSync(path, "utf8");
  try {
    const after = await prettier.format(before, { parser: "yaml" });
    if (after !== before) {
      const finding = firstDifference(before, after);
      result.findings.push({ path, rule: "format", ...finding });
    }
  } catch (error) {
    const message = String(error.message).split("\n")[0];
    const line = error.loc?.start?.line ?? 1;
    result.findings.push({ path, line, rule: "syntax", message });
  }
  result.judged.push(path);
}
process.stdout.write(JSON.stringify(result));
