package dev.shiplog.agent.nft;

import java.util.function.Function;

/**
 * Makes the whole table of each view.
 *
 * @param <V> what the table is made of
 */
final class RemadeTables<V> implements TableSource<V> {

  private final Function<V, NftTable> maker;
  private NftTable last;

  RemadeTables(Function<V, NftTable> maker) {
    this.maker = maker;
  }

  private record Remade(NftTable before, NftTable whole) implements Step {

    @Override
    public String change() {
      return NftScript.change(before, whole);
    }
  }

  @Override
  public Step step(V view) {
    var step = new Remade(last, maker.apply(view));
    last = step.whole();
    return step;
  }
}
