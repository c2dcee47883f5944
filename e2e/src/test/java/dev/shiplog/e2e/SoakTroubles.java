package dev.shiplog.e2e;

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

  private final SoakNode node;
  private final Random random;
  private final SoakRecord record;
  private final Map<Trouble, Integer> counts = new EnumMap<>(Trouble.class);

  /** Each with how often it comes, of all together. */
  private enum Trouble {
    CONTAINERS_KILLED(60),
    CONTAINERD_KILLED(15),
    NODE_KILLED(15),
    NODE_RESTARTED(10);

    private final int weight;

    Trouble(int weight) {
      this.weight = weight;
    }

    boolean isOfNode() {
      return this == NODE_KILLED || this == NODE_RESTARTED;
    }
  }

  SoakTroubles(SoakNode node, Random random, SoakRecord record) {
    this.node = node;
    this.random = random;
    this.record = record;
  }

  /** Perhaps something breaks. */
  void step(boolean nodeToo) {
    if (random.nextInt(RARE) != 0) {
      return;
    }
    Trouble trouble = next();
    if (trouble.isOfNode() && !nodeToo) {
      return;
    }
    counts.merge(trouble, 1, Integer::sum);
    switch (trouble) {
      case CONTAINERS_KILLED -> killInPods();
      case CONTAINERD_KILLED ->
          Processes.all()
              .filter(each -> each.isContainerdBelow(node.data()))
              .forEach(Processes::kill);
      case NODE_KILLED -> {
        node.kill();
        comesBack();
      }
      case NODE_RESTARTED -> {
        node.stop();
        comesBack();
      }
    }
  }

  private void comesBack() {
    node.start();
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
        Processes.all().filter(each -> each.isInPodBelow(node.data())).toList();
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
