/** What kind of problem a target column poses, when nobody says. */

/** More different numbers than this make a regression. */
const mostClasses = 20;

export function guessTask(column: { readonly isNumeric: boolean; readonly distinct: number }): 'classification' | 'regression' {
  return column.isNumeric && column.distinct > mostClasses ? 'regression' : 'classification';
}
