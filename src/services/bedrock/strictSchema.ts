type Schema = Readonly<Record<string, unknown>>;

/** What the service refuses in a strict tool, as its manual lists it; references may be circles, so they count as well. */
const refused = new Set(
  `oneOf not if then else $ref patternProperties propertyNames dependentRequired dependentSchemas minProperties maxProperties
   minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems
   contains prefixItems`.split(/\s+/),
);

/** All tools of a request together may leave out so many properties. */
const mostOptional = 24;

/** Whether the service can hold a model to these schemas. It compiles them, and refuses what it cannot compile. */
export function canBeStrict(schemas: readonly Schema[]): boolean {
  let optional = 0;
  const holds = (schema: unknown): boolean => {
    if (!isSchema(schema)) return typeof schema !== 'object';
    if (Object.keys(schema).some((key) => refused.has(key))) return false;
    const { properties, required, additionalProperties, items, anyOf, allOf } = schema;
    const names = isSchema(properties) ? Object.keys(properties) : [];
    if ((properties !== undefined || schema['type'] === 'object') && additionalProperties !== false) return false;
    optional += names.filter((name) => !(Array.isArray(required) && required.includes(name))).length;
    const parts = [isSchema(properties) ? Object.values(properties) : [], items ?? [], anyOf ?? [], allOf ?? []];
    return parts.flat().every(holds);
  };
  return schemas.every(holds) && optional <= mostOptional;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
