package dev.shiplog.standalone;

import dev.shiplog.agent.identity.Identity;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The client with the identity that a node has now. One that was replaced lives on for as long as
 * its last requests may take. Any thread.
 */
final class CurrentClient implements Supplier<KubernetesClient>, AutoCloseable {

  private static final Duration LAST_REQUESTS = Duration.ofMinutes(1);

  private final ApiAddress api;
  private final Timers timers;
  private final Executor threads;
  private volatile KubernetesClient current;

  CurrentClient(ApiAddress api, Identity first, Timers timers, Executor threads) {
    this.api = api;
    this.timers = timers;
    this.threads = threads;
    current = api.client(first);
  }

  /** Shows another certificate from now on. */
  void use(Identity identity) {
    KubernetesClient old = current;
    current = api.client(identity);
    var _ = timers.after(LAST_REQUESTS, () -> threads.execute(old::close));
  }

  @Override
  public KubernetesClient get() {
    return current;
  }

  @Override
  public void close() {
    current.close();
  }
}
