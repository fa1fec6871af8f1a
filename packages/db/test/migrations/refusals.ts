import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint,
  GrantStmt,
  IndexStmt,
  Node,
} from 'libpg-query';

/**
 * Why a statement may not be in a migration as it is. `contract`: something that running versions may use goes away or becomes
 * stricter. `safe`: whether it is harmless is not seen from the statement. `never`: no mark helps.
 */
export interface Refusal {
  kind: 'contract' | 'safe' | 'never';
  because: string;
}

/** What the statements before, of the same migration, have made: nothing that runs knows it yet. */
export interface Made {
  names: Set<string>;
  grants: Set<string>;
}

const contract = (because: string): Refusal => ({ kind: 'contract', because });
const safe = (because: string): Refusal => ({ kind: 'safe', because });

/** Checks one statement, and adds to `made` what it makes. What only adds has no refusals. */
export function refusalsOf(statement: Node, made: Made): Refusal[] {
  if ('CreateStmt' in statement) {
    made.names.add(statement.CreateStmt.relation?.relname ?? '');
    return [];
  }
  if ('CreateSchemaStmt' in statement || 'CreateSeqStmt' in statement) return [];
  if ('CommentStmt' in statement || 'CreateEnumStmt' in statement) return [];
  if ('VariableSetStmt' in statement) return [];
  if ('CreateFunctionStmt' in statement) {
    const { funcname = [], replace } = statement.CreateFunctionStmt;
    const name = lastName(funcname);
    const isOld = replace && !made.names.has(name);
    made.names.add(name);
    return isOld
      ? [safe('running versions call the function: what they get of it must stay the same')]
      : [];
  }
  if ('IndexStmt' in statement) return ofIndex(statement.IndexStmt, made);
  if ('AlterTableStmt' in statement) return ofTable(statement.AlterTableStmt, made);
  if ('GrantStmt' in statement) return ofGrant(statement.GrantStmt, made);
  if ('GrantRoleStmt' in statement && statement.GrantRoleStmt.is_grant) return [];
  if ('CreateTrigStmt' in statement) {
    return made.names.has(statement.CreateTrigStmt.relation?.relname ?? '')
      ? []
      : [safe('what running versions write must pass the trigger')];
  }
  if ('AlterOwnerStmt' in statement) {
    const { object } = statement.AlterOwnerStmt;
    const isNew =
      object && 'ObjectWithArgs' in object
        ? made.names.has(lastName(object.ObjectWithArgs.objname ?? []))
        : false;
    return isNew ? [] : [contract('the owner before loses its rights')];
  }
  if ('DropStmt' in statement) {
    return [contract('running versions may use what is dropped')];
  }
  if ('RenameStmt' in statement || 'AlterObjectSchemaStmt' in statement) {
    return [
      contract(
        'running versions know the old name: add the new one beside it, write both, and drop the old one a version later',
      ),
    ];
  }
  if ('InsertStmt' in statement && made.names.has(statement.InsertStmt.relation?.relname ?? '')) {
    return [];
  }
  if ('InsertStmt' in statement || 'UpdateStmt' in statement || 'DeleteStmt' in statement) {
    return [
      safe(
        'rows stay locked until all migrations are done: change many rows in a job, a batch at a time',
      ),
    ];
  }
  if ('TransactionStmt' in statement || 'VacuumStmt' in statement) {
    return [{ kind: 'never', because: 'all migrations of an upgrade are one transaction' }];
  }
  return [safe('what it does to running versions is not known to this check')];
}

function ofIndex({ relation, unique, concurrent, if_not_exists }: IndexStmt, made: Made) {
  if (concurrent) {
    return [
      {
        kind: 'never',
        because:
          'migrations are one transaction, and PostgreSQL builds no index concurrently in one: write CREATE INDEX IF NOT EXISTS, and have it built by hand before the upgrade',
      } satisfies Refusal,
    ];
  }
  if (made.names.has(relation?.relname ?? '')) return [];
  const refusals: Refusal[] = [];
  if (unique) refusals.push(contract('running versions may write what is not unique'));
  refusals.push(
    safe(
      if_not_exists
        ? 'the table can’t be written to while it is built: say that the table is small, or that it is built before the upgrade, concurrently'
        : 'the table can’t be written to while it is built: write IF NOT EXISTS, so that it can be built before the upgrade, concurrently',
    ),
  );
  return refusals;
}

function ofTable({ relation, cmds = [] }: AlterTableStmt, made: Made): Refusal[] {
  if (made.names.has(relation?.relname ?? '')) return [];
  return cmds.flatMap((node) => ('AlterTableCmd' in node ? ofCommand(node.AlterTableCmd) : []));
}

const rewrites = 'the table is written anew and can’t be read meanwhile';

/** What each command on a table of before refuses; others than these are not known to this check. */
const ofCommands: Readonly<Record<string, readonly Refusal[]>> = {
  AT_ValidateConstraint: [],
  AT_SetStorage: [],
  AT_SetCompression: [],
  AT_SetStatistics: [],
  AT_SetRelOptions: [],
  AT_DropNotNull: [contract('running versions may not expect to read NULL')],
  AT_SetNotNull: [
    contract('running versions may write NULL'),
    safe('the whole table is read under a lock, unless a validated CHECK says the same'),
  ],
  AT_AlterColumnType: [contract('running versions know the old type'), safe(rewrites)],
  AT_DropColumn: [contract('running versions may read or write the column')],
  AT_DropConstraint: [contract('running versions may rely on the constraint')],
  AT_ChangeOwner: [contract('the owner before loses its rights')],
};

function ofCommand({ subtype, def }: AlterTableCmd): readonly Refusal[] {
  if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def) return ofColumn(def.ColumnDef);
  if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
    return ofConstraint(def.Constraint);
  if (subtype === 'AT_ColumnDefault') {
    return def ? [] : [contract('running versions may leave the column out when they insert')];
  }
  const known = subtype && ofCommands[subtype];
  return known || [safe(`what ${subtype} does to running versions is not known to this check`)];
}

function ofColumn({ constraints = [] }: ColumnDef): Refusal[] {
  const found = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const standard = found.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  return found.flatMap(({ contype }): Refusal[] => {
    if (contype === 'CONSTR_NULL') return [];
    if (contype === 'CONSTR_NOTNULL') {
      return standard
        ? []
        : [
            contract(
              'running versions don’t fill the column: give it a DEFAULT, or let it be NULL',
            ),
          ];
    }
    if (contype === 'CONSTR_DEFAULT') {
      return isConstant(standard?.raw_expr)
        ? []
        : [safe(`the DEFAULT may differ from row to row, and then ${rewrites}`)];
    }
    if (contype === 'CONSTR_IDENTITY' || contype === 'CONSTR_GENERATED') return [safe(rewrites)];
    return [
      contract('running versions don’t know the constraint'),
      safe('the whole table is read under a lock: add it apart, NOT VALID'),
    ];
  });
}

function ofConstraint({ skip_validation }: Constraint): Refusal[] {
  const refusal = contract('running versions may write what it forbids');
  return skip_validation
    ? [refusal]
    : [
        refusal,
        safe(
          'the whole table is read under a lock: add it NOT VALID, and validate it a version later',
        ),
      ];
}

/** Of which PostgreSQL keeps one value for all the rows that are there: those that don't change from row to row. */
function isConstant(expression: Node | undefined): boolean {
  if (!expression) return false;
  if ('A_Const' in expression || 'SQLValueFunction' in expression) return true;
  if ('TypeCast' in expression) return isConstant(expression.TypeCast.arg);
  if ('A_ArrayExpr' in expression) return (expression.A_ArrayExpr.elements ?? []).every(isConstant);
  return 'FuncCall' in expression && lastName(expression.FuncCall.funcname ?? []) === 'now';
}

/** What was granted in the same migration may be taken back in it. */
function ofGrant(statement: GrantStmt, made: Made): Refusal[] {
  const { is_grant, objtype, objects = [], privileges, grantees } = statement;
  const key = JSON.stringify([objtype, objects, privileges, grantees], (name, value) =>
    name === 'location' ? undefined : value,
  );
  if (is_grant) {
    made.grants.add(key);
    return [];
  }
  const isNew = (node: Node) =>
    ('RangeVar' in node && made.names.has(node.RangeVar.relname ?? '')) ||
    ('ObjectWithArgs' in node && made.names.has(lastName(node.ObjectWithArgs.objname ?? [])));
  if (made.grants.has(key) || objects.every(isNew)) return [];
  return [contract('running versions may need the grant')];
}

function lastName(names: readonly Node[]): string {
  const last = names.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '';
}
