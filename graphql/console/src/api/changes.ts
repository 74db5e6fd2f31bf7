/** What an answer says of objects, and the same said in another answer that has them. */

import { type DocumentNode, type FieldNode, print, type SelectionSetNode, valueFromASTUntyped } from "@0no-co/graphql.web";
import type { Operation } from "@urql/core";

type Answered = Record<string, unknown>;

interface Change {
  value: unknown;
  /** Which fields of it were asked for; null where that can't be compared. */
  asked: string | null;
}

/** What was answered, by the object's id, then by field and arguments. */
export type Changes = Map<string, Map<string, Change>>;

/** Collect what an answer says of each object that has an id. */
export function changesIn({ query, variables }: Operation, data: unknown): Changes {
  const changes: Changes = new Map();
  const document = query as DocumentNode;
  const visit = (value: unknown, selection: SelectionSetNode | undefined) => {
    if (Array.isArray(value)) for (const one of value) visit(one, selection);
    if (!isObject(value) || !selection) return;
    const known = typeof value["id"] === "string" ? at(changes, value["id"]) : undefined;
    for (const field of fieldsOf(selection, document)) {
      const name = nameIn(field);
      if (!(name in value)) continue;
      known?.set(keyOf(field, variables), { value: value[name], asked: textOf(field) });
      visit(value[name], field.selectionSet);
    }
  };
  visit(data, rootOf(document));
  return changes;
}

/** The same data where nothing of it changed, else with what did. */
export function changed({ query, variables }: Operation, data: unknown, changes: Changes): unknown {
  const document = query as DocumentNode;
  const renew = (value: unknown, selection: SelectionSetNode | undefined): unknown => {
    if (Array.isArray(value)) return changedList(value, (one) => renew(one, selection));
    if (!isObject(value) || !selection) return value;
    const known = typeof value["id"] === "string" ? changes.get(value["id"]) : undefined;
    const next: Answered = { ...value };
    for (const field of fieldsOf(selection, document)) {
      const name = nameIn(field);
      if (!(name in value)) continue;
      const news = known?.get(keyOf(field, variables));
      next[name] = news && news.asked !== null && news.asked === textOf(field) ? news.value : renew(value[name], field.selectionSet);
    }
    return Object.keys(next).every((name) => next[name] === value[name]) ? value : next;
  };
  return changes.size ? renew(data, rootOf(document)) : data;
}

function changedList(list: unknown[], renew: (value: unknown) => unknown): unknown[] {
  const next = list.map(renew);
  return next.every((value, place) => value === list[place]) ? list : next;
}

function isObject(value: unknown): value is Answered {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(changes: Changes, id: string) {
  const known = changes.get(id) ?? new Map<string, Change>();
  changes.set(id, known);
  return known;
}

function rootOf({ definitions }: DocumentNode): SelectionSetNode | undefined {
  return definitions.find((definition) => definition.kind === "OperationDefinition")?.selectionSet;
}

/** The fields of a selection, those of its fragments among them. */
function fieldsOf({ selections }: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === "Field") return [selection];
    if (selection.kind === "InlineFragment") return fieldsOf(selection.selectionSet, document);
    const fragment = document.definitions.find((definition) => definition.kind === "FragmentDefinition" && definition.name.value === selection.name.value);
    return fragment?.kind === "FragmentDefinition" ? fieldsOf(fragment.selectionSet, document) : [];
  });
}

function nameIn(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}

function keyOf(field: FieldNode, variables: Operation["variables"]): string {
  const values = field.arguments?.map(({ name, value }) => [name.value, valueFromASTUntyped(value, (variables ?? {}) as Answered)]) ?? [];
  return `${field.name.value} ${JSON.stringify(values.sort())}`;
}

/** What was asked of a field; what depends on variables is comparable with nothing. */
function textOf({ selectionSet }: FieldNode): string | null {
  const text = selectionSet ? print(selectionSet) : "";
  return text.includes("$") ? null : text;
}
