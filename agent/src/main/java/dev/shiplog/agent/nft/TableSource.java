package dev.shiplog.agent.nft;

import java.util.function.Function;

/**
 * Makes a table of each view in turn, and knows what became different since the view before. Used
 * by one thread.
 *
 * @param <V> what the table is made of
 */
public interface TableSource<V> {

  /** Takes in the next view. What it gives is good until the view after. */
  Step step(V view);

  /** The table of one view, as a whole or beside that of the view before. */
  interface Step {

    /** All of the table. */
    NftTable whole();

    /**
     * A script that makes this table of the one before; empty if they are equal. Not to be asked
     * for at the first view, nor after a step that failed.
     */
    String change();
  }

  /** A source that makes the whole table of each view and compares. */
  static <V> TableSource<V> of(Function<V, NftTable> maker) {
    return new RemadeTables<>(maker);
  }
}
