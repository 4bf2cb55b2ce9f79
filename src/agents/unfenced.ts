/** What a model wrote without the fence that it put around it. */
export const unfenced = (text: string, language: 'json' | 'sql'): string =>
  new RegExp(`^\\s*\`\`\`(?:${language})?\\s*([\\s\\S]*?)\`\`\`\\s*$`).exec(text)?.[1] ?? text;
