package dev.shiplog.e2e;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** What goes wrong meanwhile. One thread. */
final class SoakTroubles {

  /** One of so many steps brings trouble. */
  private static final int RARE = 4;

  private final Product product;
  private final Random random;
  private final SoakRecord record;
  private final Map<Trouble, Integer> counts = new EnumMap<>(Trouble.class);

  /** Each with how often it comes, of all together. */
  private enum Trouble {
    CONTAINERS_KILLED(60),
    CONTAINERD_KILLED(15),
    PRODUCT_KILLED(15),
    PRODUCT_RESTARTED(10);

    private final int weight;

    Trouble(int weight) {
      this.weight = weight;
    }

    boolean isOfProduct() {
      return this == PRODUCT_KILLED || this == PRODUCT_RESTARTED;
    }
  }

  SoakTroubles(Product product, Random random, SoakRecord record) {
    this.product = product;
    this.random = random;
    this.record = record;
  }

  /** Perhaps something breaks. */
  void step(boolean productToo) {
    if (random.nextInt(RARE) != 0) {
      return;
    }
    Trouble trouble = next();
    if (trouble.isOfProduct() && !productToo) {
      return;
    }
    counts.merge(trouble, 1, Integer::sum);
    switch (trouble) {
      case CONTAINERS_KILLED -> killInPods();
      case CONTAINERD_KILLED ->
          Processes.all()
              .filter(each -> each.isContainerdBelow(product.data()))
              .forEach(Processes::kill);
      case PRODUCT_KILLED -> {
        product.kill();
        comesBack();
      }
      case PRODUCT_RESTARTED -> {
        product.run(List.of("down"), Duration.ofMinutes(2)).succeeded();
        comesBack();
      }
    }
  }

  private void comesBack() {
    product.up();
    record.restarted();
  }

  private Trouble next() {
    int dice = random.nextInt(100);
    for (Trouble trouble : Trouble.values()) {
      dice -= trouble.weight;
      if (dice < 0) {
        return trouble;
      }
    }
    throw new AssertionError("the weights are not 100 together");
  }

  /** Of containers, and of sandboxes too. */
  private void killInPods() {
    List<Processes> running =
        Processes.all().filter(each -> each.isInPodBelow(product.data())).toList();
    for (int i = random.nextInt(3); i >= 0 && !running.isEmpty(); i--) {
      running.get(random.nextInt(running.size())).kill();
    }
  }

  String counts() {
    return counts.entrySet().stream()
        .map(each ->
            each.getValue()
                + " times "
                + each.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }
}
