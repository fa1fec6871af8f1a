/**
 * Collects what is added in one turn of the event loop and hands it over at the turn's end, in batches of at most
 * `maxBatch`. Something added alone waits for nothing but the callbacks that were already due.
 */
export function collectPerTurn<Item>(
  maxBatch: number,
  handOver: (batch: Item[]) => void,
): (item: Item) => void {
  let collected: Item[] = [];

  function flush(): void {
    const items = collected;
    collected = [];
    for (let start = 0; start < items.length; start += maxBatch) {
      handOver(items.slice(start, start + maxBatch));
    }
  }

  return (item) => {
    if (collected.length === 0) setImmediate(flush);
    collected.push(item);
  };
}
