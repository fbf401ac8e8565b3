/**
 * Cuts the event classes that `audit export --format ocsf` writes out of the published OCSF schema (Apache-2.0), without its
 * descriptions: for each class and object every attribute with type, requirement and enum, and the constraints. Profiles and
 * deprecated siblings stay out. Anew:
 *
 *   git clone --branch v1.8.0 https://github.com/ocsf/ocsf-schema && node test/support/ocsf/cut-ocsf-schema.mjs ocsf-schema > test/support/ocsf/ocsf-1.8.0.json
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASSES = {
  account_change: 'iam',
  authentication: 'iam',
  entity_management: 'iam',
  user_access: 'iam',
};
/** Objects whose inside is checked; one that an event carries beside them is refused by the check. */
const OBJECTS = [
  'actor',
  'auth_factor',
  'fingerprint',
  'managed_entity',
  'metadata',
  'policy',
  'product',
  'resource_details',
  'service',
  'user',
];

const [root] = process.argv.slice(2);
if (!root) throw new Error('Usage: cut-ocsf-schema.mjs CHECKOUT');
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const dictionary = read('dictionary.json');

const PLACES = {
  base_event: 'events/base_event.json',
  iam: 'events/iam/iam.json',
  object: 'objects/object.json',
};
const fileOf = (name, folder) => PLACES[name] ?? `${folder}/${name}.json`;

/** A definition with everything it extends: attributes are merged one by one, the nearer one wins. */
function resolved(name, folder) {
  const own = read(fileOf(name, folder));
  const parent = own.extends ? resolved(own.extends, folder) : { attributes: {} };
  const attributes = { ...parent.attributes };
  for (const [key, value] of Object.entries(own.attributes ?? {})) {
    if (key === '$include') continue;
    const base = attributes[key] ?? {};
    const enums = base.enum || value.enum ? { enum: { ...base.enum, ...value.enum } } : {};
    attributes[key] = { ...base, ...value, ...enums };
  }
  const constraints = own.constraints ?? parent.constraints ?? {};
  return { ...own, attributes, constraints };
}

function attributesOf({ attributes }) {
  const cut = {};
  for (const [key, own] of Object.entries(attributes)) {
    const word = dictionary.attributes[key];
    if (!word) throw new Error(`The dictionary has no ${key}`);
    if (own['@deprecated']) continue;
    const type = own.type ?? word.type;
    const enums = { ...word.enum, ...own.enum };
    cut[key] = {
      type,
      ...(word.is_array ? { array: true } : {}),
      requirement: own.requirement ?? 'optional',
      ...(Object.keys(enums).length > 0
        ? { enum: Object.fromEntries(Object.entries(enums).map(([k, v]) => [k, v.caption])) }
        : {}),
      ...(word.sibling ? { sibling: word.sibling } : {}),
    };
  }
  return cut;
}

const categories = read('categories.json').attributes;
const classes = {};
for (const [name, category] of Object.entries(CLASSES)) {
  const definition = resolved(name, 'events/iam');
  const uid = categories[category].uid * 1000 + definition.uid;
  const attributes = attributesOf(definition);
  // As the schema's own server compiles it.
  attributes.class_uid.enum = { [uid]: definition.caption };
  attributes.category_uid.enum = { [categories[category].uid]: categories[category].caption };
  classes[uid] = {
    name,
    caption: definition.caption,
    category: { uid: categories[category].uid, caption: categories[category].caption },
    attributes,
    constraints: definition.constraints,
  };
}
const objects = {};
for (const name of OBJECTS) {
  const definition = resolved(name, 'objects');
  objects[name] = {
    attributes: attributesOf(definition),
    constraints: definition.constraints,
  };
}
const types = {};
for (const [name, { type, regex, max_len: maxLength, range }] of Object.entries(
  dictionary.types.attributes,
))
  types[name] = {
    ...(type ? { base: type } : {}),
    ...(regex ? { regex } : {}),
    ...(maxLength ? { maxLength } : {}),
    ...(range ? { range } : {}),
  };
const cut = { version: read('version.json').version, classes, objects, types };
process.stdout.write(`${JSON.stringify(cut, null, 1)}\n`);
