// Python's tokens, as far as a reader needs them: comments, literals and keywords.
const PREFIX = "(?:[rRbBuUfF]{1,2})?";
const KEYWORDS = "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False";
const TOKEN = new RegExp([
  "(#.*)",
  `(${PREFIX}(?:"""(?:\\\\[\\s\\S]|(?!""")[^\\\\])*(?:"""|$)|'''(?:\\\\[\\s\\S]|(?!''')[^\\\\])*(?:'''|$)` +
    `|"(?:\\\\[\\s\\S]|[^"\\\\\\n])*"?|'(?:\\\\[\\s\\S]|[^'\\\\\\n])*'?))`,
  "(\\b(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.[\\d_]*)?(?:[eE][+-]?\\d+)?[jJ]?)|\\B\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?)",
  `\\b(${KEYWORDS})\\b`,
  "[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*", // a name, so that nothing inside it is taken for a token
].join("|"), "g");

// Return the pieces of a program as [class, text]; together they are the program.
export function pieces(source) {
  const found = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const kind = match[1] ? "rem" : match[2] || match[3] ? "lit" : match[4] ? "key" : "";
    if (!kind || !match[0]) continue;
    if (match.index > end) found.push(["", source.slice(end, match.index)]);
    found.push([kind, match[0]]);
    end = match.index + match[0].length;
  }
  if (end < source.length) found.push(["", source.slice(end)]);
  return found;
}

// Return what Enter inserts after this text: the indentation of its last line, one step more after a colon,
// one less after a statement that ends a block.
export function afterEnter(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = line.match(/^[ \t]*/)[0];
  const code = line.replace(/#.*$/, "").trimEnd();
  if (code.endsWith(":")) return `\n${indent}    `;
  if (/^\s*(return|raise|pass|break|continue)\b/.test(code) && !/[([{,\\]$/.test(code)) return `\n${indent.replace(/( {1,4}|\t)$/, "")}`;
  return `\n${indent}`;
}

// Return lines with one step of indentation more or less.
export function shifted(lines, out) {
  return lines.split("\n").map(line => out ? line.replace(/^( {1,4}|\t)/, "") : line && `    ${line}`).join("\n");
}
