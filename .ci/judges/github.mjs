// GitHub's own parser and language service over workflows and action.yml.
//
// In (stdin): {"files": [{"root": DIR, "path": FILE}]}. Out (stdout): {"judged": [FILE], "findings": [...]}.
// Knows nothing of the network: an action of another repository is not looked up, and a reusable
// workflow of another repository is reported as one that cannot be found.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FeatureFlags } from "@actions/expressions";
import { registerLogger, validate } from "@actions/languageservice";
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from "@actions/workflow-parser";
import {
  TemplateContext,
  TemplateValidationErrors,
} from "@actions/workflow-parser/templates/template-context";
import { getWorkflowSchema } from "@actions/workflow-parser/workflows/workflow-schema";
import { TextDocument } from "vscode-languageserver-textdocument";

// The flags stand before features that github.com already has (`case()`, background steps). The
// remaining one is a matter of taste about block scalars.
const featureFlags = new FeatureFlags({
  all: true,
  blockScalarChompingWarning: false,
});

const WARNING = 2;

function filesOf(root) {
  return {
    getFileContent(reference) {
      if (reference.repository) {
        throw new Error("not in this repository");
      }
      const content = readFileSync(join(root, reference.path), "utf8");
      return Promise.resolve({ name: reference.path, content });
    },
  };
}

async function parseAndConvert(path, content, fileProvider) {
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    getWorkflowSchema(),
    new NoOperationTraceWriter(),
  );
  context.state.featureFlags = featureFlags;
  const { value } = parseWorkflow({ name: path, content }, context);
  if (value) {
    await convertWorkflowTemplate(context, value, fileProvider, {
      fetchReusableWorkflowDepth: 1,
      featureFlags,
    });
  }
  return context.errors.getErrors().map((error) => ({
    line: error.range?.start.line ?? 1,
    rule: "parser",
    message: error.rawMessage,
  }));
}

async function askLanguageService(path, content, fileProvider) {
  const document = TextDocument.create(path, "yaml", 1, content);
  const diagnostics = await validate(document, { fileProvider, featureFlags });
  return diagnostics
    .filter((diagnostic) => (diagnostic.severity ?? 1) <= WARNING)
    .map((diagnostic) => ({
      line: diagnostic.range.start.line + 1,
      rule: diagnostic.code ?? "language-service",
      message: diagnostic.message,
    }));
}

// The language service repeats what the parser found: the first voice counts.
function withoutEchoes(findings) {
  const seen = new Set();
  return findings.filter(({ line, message }) => {
    const key = `${line} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

async function judge({ root, path }) {
  const content = readFileSync(path, "utf8");
  const fileProvider = filesOf(root);
  const isAction = /(^|\/)action\.ya?ml$/.test(path);
  const findings = [
    ...(isAction ? [] : await parseAndConvert(path, content, fileProvider)),
    ...(await askLanguageService(path, content, fileProvider)),
  ];
  return withoutEchoes(findings).map((finding) => ({ path, ...finding }));
}

// `validate` catches its own crashes and only logs them: a file that it gave up on was not judged.
const crashes = [];
registerLogger({
  log() {},
  info() {},
  warn() {},
  error(message) {
    crashes.push(message);
  },
});

const { files } = JSON.parse(readFileSync(0, "utf8"));
const result = { judged: [], findings: [] };
for (const file of files) {
  result.findings.push(...(await judge(file)));
  result.judged.push(file.path);
  for (const message of crashes.splice(0)) {
    result.findings.push({ path: file.path, line: 1, rule: "crash", message });
  }
}
process.stdout.write(JSON.stringify(result));
