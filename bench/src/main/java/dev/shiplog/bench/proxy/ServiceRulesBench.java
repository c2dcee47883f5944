package dev.shiplog.bench.proxy;

import dev.shiplog.agent.nft.NftCommand;
import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.TableSource;
import dev.shiplog.agent.proxy.ProxySettings;
import dev.shiplog.agent.proxy.ServiceRules;
import dev.shiplog.agent.proxy.ServiceView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a node takes for the rules of its first view, and for each change of one service after
 * that: 5,000 services of ten endpoints, or as many as the two arguments say. Needs root, for the
 * kernel's own packet filter, and Debian's package nftables; best run by {@code unshare -n}.
 */
public final class ServiceRulesBench {

  private static final String TABLE = "shiplog-bench-services";
  private static final ProxySettings SETTINGS =
      new ProxySettings("node-1", "10.128.0.0/9", List.of("10.96.0.0/12"), TABLE);
  private static final int CHANGES = 21;

  private final ServiceRules rules = new ServiceRules(SETTINGS);
  private final NftCommand filter = new NftCommand(Path.of("/usr/sbin/nft"));

  private ServiceRulesBench() {}

  public static void main(String[] args) {
    int services = args.length < 1 ? 5_000 : Integer.parseInt(args[0]);
    int endpoints = args.length < 2 ? 10 : Integer.parseInt(args[1]);
    new ServiceRulesBench().run(new ManyServices(services, endpoints));
  }

  private void run(ManyServices cluster) {
    try {
      whole("first view", cluster.view());
      whole("first view, warm", cluster.view());
      long[] making = new long[CHANGES];
      long[] applying = new long[CHANGES];
      for (int i = 0; i < CHANGES; i++) {
        ServiceView view = cluster.withOneEndpointReplaced(i);
        long start = System.nanoTime();
        String script = rules.step(view).change();
        making[i] = System.nanoTime() - start;
        applying[i] = elapsedNanos(script);
      }
      System.out.printf(
          Locale.ROOT,
          "one endpoint of one service replaced, median of %d: %.1f ms to make the script,"
              + " %.1f ms in nft%n",
          CHANGES,
          millis(median(making)),
          millis(median(applying)));
    } finally {
      filter.apply(NftScript.remove(TABLE));
    }
  }

  private void whole(String what, ServiceView view) {
    long start = System.nanoTime();
    TableSource.Step step = new ServiceRules(SETTINGS).step(view);
    String script = NftScript.replace(step.whole());
    long made = System.nanoTime() - start;
    var _ = rules.step(view);
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f ms to make the script of %,d KB, %.0f ms in nft%n",
        what,
        millis(made),
        script.length() / 1_000,
        millis(elapsedNanos(script)));
  }

  private long elapsedNanos(String script) {
    long start = System.nanoTime();
    filter.apply(script);
    return System.nanoTime() - start;
  }

  private static long median(long[] some) {
    long[] sorted = some.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
