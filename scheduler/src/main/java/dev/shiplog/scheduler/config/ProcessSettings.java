package dev.shiplog.scheduler.config;

/**
 * What a configuration says of kube-scheduler's process: how it uses threads, elects a leader and
 * reaches its server. Shiplog's scheduler does none of that in the same way, so it has no effect;
 * but what is mistyped there is told all the same.
 */
final class ProcessSettings {

  private static final int ANY = Integer.MAX_VALUE;

  private ProcessSettings() {}

  /**
   * Checks it.
   *
   * @throws InvalidConfiguration if something of it cannot be meant
   */
  static void check(Args args) {
    args.integer("parallelism", 16, 1, ANY);
    percentage(args);
    args.bool("enableProfiling", true);
    args.bool("enableContentionProfiling", true);
    args.bool("delayCacheUntilActive", false);
    connection(args.object("clientConnection"));
    election(args.object("leaderElection"));
  }

  /** Every node is considered, whatever it says. */
  static void percentage(Args args) {
    args.integer("percentageOfNodesToScore", 0, 0, 100);
  }

  private static void connection(Args args) {
    args.knows("kubeconfig", "acceptContentTypes", "contentType", "qps", "burst");
    args.text("kubeconfig", "");
    args.text("acceptContentTypes", "");
    args.text("contentType", "");
    args.number("qps");
    args.integer("burst", 100, -1, ANY);
  }

  private static void election(Args args) {
    args.knows(
        "leaderElect",
        "leaseDuration",
        "renewDeadline",
        "retryPeriod",
        "resourceLock",
        "resourceName",
        "resourceNamespace");
    args.bool("leaderElect", true);
    long lease = args.duration("leaseDuration", 15_000);
    long renew = args.duration("renewDeadline", 10_000);
    args.duration("retryPeriod", 2_000);
    if (lease <= renew) {
      throw args.invalid("leaseDuration", "must be greater than renewDeadline");
    }
    args.oneOf("resourceLock", "leases", text -> text.equals("leases") ? text : null, "\"leases\"");
    args.text("resourceName", "");
    args.text("resourceNamespace", "");
  }
}
