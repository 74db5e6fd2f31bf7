/** A list that the server sorts and pages: rows that lead to their page, and a selection for what is done to many at once. */

import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Check, Minus } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import {
  Cell,
  Checkbox,
  Column as AriaColumn,
  type Key,
  Row as AriaRow,
  type Selection,
  Table,
  TableBody,
  TableHeader,
} from "react-aria-components";
import { rememberRows } from "../shell/neighbours";
import css from "./data_table.module.css";
import fields from "./fields.module.css";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** It names the row: exactly one column does. */
  isRowHeader?: boolean;
  /** The order that the server knows by this name. */
  order?: string;
  /** Left out on narrow pages only where the row's own page says it. */
  isSecondary?: boolean;
}

export interface Sorting {
  order: string;
  isDescending?: boolean;
}

interface Properties<Row extends { id: string }> {
  /** What the list is of. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** The row's page, below `/console`. */
  addressOf?: (row: Row) => string;
  /** How a row is called in the label of its tick: the name. */
  nameOf: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  /** A row that an act failed for, with the reason: it stays selected. */
  reasonOf?: (row: Row) => ReactNode;
}

export function DataTable<Row extends { id: string }>(properties: Properties<Row>) {
  const { label, columns, rows, addressOf, sorting, onSort, selected, onSelect } = properties;
  useEffect(() => {
    if (addressOf) rememberRows(rows.map(addressOf));
  }, [rows, addressOf]);
  const select = (chosen: Selection) => onSelect?.(new Set(chosen === "all" ? rows.map(({ id }) => id) : [...chosen].map(String)));
  return (
    <div className={css.scroll}>
      <Table
        aria-label={label}
        className={css.table!}
        selectionMode={onSelect ? "multiple" : "none"}
        selectedKeys={selected as ReadonlySet<Key> | undefined ?? new Set<Key>()}
        onSelectionChange={select}
        {...(sorting ? { sortDescriptor: { column: columnOf(columns, sorting), direction: sorting.isDescending ? "descending" : "ascending" } } : {})}
        onSortChange={({ column, direction }) => {
          const order = columns.find(({ id }) => id === column)?.order;
          if (order) onSort?.({ order, isDescending: direction === "descending" });
        }}
      >
        <TableHeader className={css.head!}>
          {onSelect && (
            <AriaColumn className={css.tick!}>
              <Tick />
            </AriaColumn>
          )}
          {columns.map((column) => (
            <Heading key={column.id} column={column} />
          ))}
        </TableHeader>
        <TableBody items={rows} dependencies={[columns, properties.reasonOf]}>
          {(row) => <TableRow row={row} {...properties} />}
        </TableBody>
      </Table>
    </div>
  );
}

function Heading<Row>({ column }: { column: Column<Row> }) {
  return (
    <AriaColumn id={column.id} isRowHeader={column.isRowHeader === true} allowsSorting={column.order !== undefined} className={css.column!}>
      {({ sortDirection }) => (
        <span className={css.title}>
          {column.title}
          {sortDirection === "ascending" && <ArrowUp aria-hidden />}
          {sortDirection === "descending" && <ArrowDown aria-hidden />}
        </span>
      )}
    </AriaColumn>
  );
}

function TableRow<Row extends { id: string }>({ row, columns, addressOf, nameOf, onSelect, reasonOf }: Properties<Row> & { row: Row }) {
  const { t } = useLingui();
  const reason = reasonOf?.(row);
  const name = nameOf(row);
  return (
    <AriaRow id={row.id} textValue={name} className={css.row!} {...(addressOf ? { href: addressOf(row) } : {})}>
      {onSelect && (
        <Cell className={css.tick!}>
          <Tick label={t`Select ${name}`} />
        </Cell>
      )}
      {columns.map((column) => (
        <Cell key={column.id} className={css.cell!} data-title={column.title} data-header={column.isRowHeader || undefined} data-secondary={column.isSecondary || undefined}>
          <span className={css.content}>{column.cell(row)}</span>
          {column.isRowHeader && reason && <span className={css.reason}>{reason}</span>}
        </Cell>
      ))}
    </AriaRow>
  );
}

function Tick({ label }: { label?: string }) {
  return (
    <Checkbox slot="selection" className={fields.tick!} {...(label ? { "aria-label": label } : {})}>
      {({ isIndeterminate }) => <span className={fields.box}>{isIndeterminate ? <Minus aria-hidden className={css.some} /> : <Check aria-hidden />}</span>}
    </Checkbox>
  );
}

function columnOf<Row>(columns: readonly Column<Row>[], sorting: Sorting): string {
  return columns.find(({ order }) => order === sorting.order)?.id ?? "";
}

/** What can be done to the selected rows: it stands above the list while some are selected. */
export function SelectionBar({ count, onClear, children }: { count: number; onClear: () => void; children: ReactNode }) {
  const { t } = useLingui();
  if (count === 0) return null;
  return (
    <div className={css.selection} role="toolbar" aria-label={t`Selected rows`}>
      <strong>
        <Trans>{count} selected</Trans>
      </strong>
      {children}
      <button type="button" className={css.clear} onClick={onClear}>
        <Trans>Select none</Trans>
      </button>
    </div>
  );
}
