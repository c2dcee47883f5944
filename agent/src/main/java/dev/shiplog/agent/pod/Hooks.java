package dev.shiplog.agent.pod;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.node.Machine;
import dev.shiplog.agent.reach.HttpActions;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.UnreachableException;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Runs postStart and preStop hooks. Blocks; safe for use by many threads. */
final class Hooks {

  private static final String AGENT = "kube-lifecycle/" + Machine.KUBELET_MINOR_VERSION;
  private static final int FIRST_FAILURE = 400;

  private final PodRuntime runtime;
  private final PodNetwork network;
  private final Timers timers;

  Hooks(PodRuntime runtime, PodNetwork network, Timers timers) {
    this.runtime = runtime;
    this.network = network;
    this.timers = timers;
  }

  /**
   * Runs a hook to its end.
   *
   * @return what went wrong, if something did
   * @throws InterruptedException if it was called off
   */
  Optional<String> run(
      LifecycleHandler hook, Container container, String containerId, String podIp, Duration atMost)
      throws InterruptedException {
    try {
      if (hook.getExec() != null) {
        return exec(containerId, hook.getExec().getCommand(), atMost);
      }
      if (hook.getHttpGet() != null) {
        return http(hook.getHttpGet(), container, podIp, atMost);
      }
      if (hook.getSleep() != null) {
        sleep(shorter(Duration.ofSeconds(hook.getSleep().getSeconds()), atMost));
      }
      return Optional.empty();
    } catch (PodRuntimeException | UnreachableException | PodConfigException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      return Optional.of(e.getMessage());
    }
  }

  private Optional<String> exec(String containerId, List<String> command, Duration atMost) {
    ExecResult result = runtime.exec(containerId, command, atMost);
    if (result.succeeded()) {
      return Optional.empty();
    }
    String how = result.timedOut() ? "timed out" : "exited with " + result.exitCode();
    return Optional.of(
        "command '"
            + String.join(" ", command)
            + "' "
            + how
            + ": "
            + (result.stdout() + result.stderr()).strip());
  }

  private Optional<String> http(
      HTTPGetAction action, Container container, String podIp, Duration atMost) {
    PodNetwork.HttpRequest request = HttpActions.request(action, container, podIp, AGENT);
    int status = network.get(request, atMost).status();
    return status < FIRST_FAILURE
        ? Optional.empty()
        : Optional.of("Get \"" + request.url() + "\" was answered with status " + status);
  }

  private void sleep(Duration time) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Timers.Timer timer = timers.after(time, over::countDown);
    try {
      over.await();
    } finally {
      timer.cancel();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
