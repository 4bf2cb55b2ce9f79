/** A page as plain data. `patch` makes the document agree with it and touches nothing that already does. */
export type Child = VNode | string;

export interface VNode {
  readonly tag: string;
  /** Attributes; `true` is a bare one, `false` none. */
  readonly attributes: Readonly<Record<string, string | boolean>>;
  /** Properties of the element, for what attributes cannot say (`value`). */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly listeners: Readonly<Record<string, (event: Event) => void>>;
  readonly children: readonly Child[];
}

export interface Parts {
  readonly attributes?: VNode['attributes'];
  readonly properties?: VNode['properties'];
  readonly on?: VNode['listeners'];
}

export const h = (tag: string, { attributes = {}, properties = {}, on = {} }: Parts, ...children: Child[]): VNode => ({
  tag,
  attributes,
  properties,
  listeners: on,
  children,
});

/** What the last patch put there: the listeners must be taken off again. */
const drawn = new WeakMap<Element, VNode>();

/** Children go by position: elements stay, so focus, selection and scroll stay with them. */
export function patch(parent: Element, children: readonly Child[]): void {
  children.forEach((child, index) => {
    const existing = parent.childNodes[index];
    if (typeof child === 'string') patchText(parent, existing, child);
    else patchElement(parent, existing, child);
  });
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}

function patchText(parent: Element, existing: ChildNode | undefined, text: string): void {
  if (existing?.nodeType === Node.TEXT_NODE) {
    if (existing.textContent !== text) existing.textContent = text;
  } else {
    replace(parent, existing, document.createTextNode(text));
  }
}

function patchElement(parent: Element, existing: ChildNode | undefined, node: VNode): void {
  const same = existing instanceof Element && existing.localName === node.tag;
  const element = same ? existing : document.createElement(node.tag);
  const before = drawn.get(element);
  patchAttributes(element, before, node);
  for (const [type, listener] of Object.entries(before?.listeners ?? {})) element.removeEventListener(type, listener);
  for (const [type, listener] of Object.entries(node.listeners)) element.addEventListener(type, listener);
  patch(element, node.children);
  if (!same) replace(parent, existing, element);
  // After the children: a list's value means nothing before its options stand.
  for (const [name, value] of Object.entries(node.properties)) {
    if (Reflect.get(element, name) !== value) Reflect.set(element, name, value);
  }
  drawn.set(element, node);
}

function patchAttributes(element: Element, before: VNode | undefined, node: VNode): void {
  for (const name of Object.keys(before?.attributes ?? {})) {
    if (!(name in node.attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== (value === true ? '' : value)) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
}

function replace(parent: Element, existing: ChildNode | undefined, next: Node): void {
  if (existing) existing.replaceWith(next);
  else parent.append(next);
}
