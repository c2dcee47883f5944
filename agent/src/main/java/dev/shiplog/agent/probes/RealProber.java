package dev.shiplog.agent.probes;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.node.Machine;
import dev.shiplog.agent.reach.HttpActions;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.UnreachableException;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Probes as the pod's spec says: commands in the container, requests over the network. */
public final class RealProber implements Prober {

  private static final String AGENT = "kube-probe/" + Machine.KUBELET_MINOR_VERSION;
  private static final String SERVING = "SERVING";
  private static final int FIRST_SUCCESS = 200;
  private static final int FIRST_FAILURE = 400;

  private final PodRuntime runtime;
  private final PodNetwork network;

  public RealProber(PodRuntime runtime, PodNetwork network) {
    this.runtime = runtime;
    this.network = network;
  }

  @Override
  public Optional<Probe> probe(ProbeTarget target, ProbeKind kind) {
    return Optional.ofNullable(
        switch (kind) {
          case STARTUP -> target.container().getStartupProbe();
          case LIVENESS -> target.container().getLivenessProbe();
          case READINESS -> target.container().getReadinessProbe();
        });
  }

  @Override
  public ProbeResult run(ProbeTarget target, ProbeKind kind, Probe probe) {
    Duration atMost = Duration.ofSeconds(ProbeTiming.of(probe).timeoutSeconds());
    try {
      if (probe.getExec() != null) {
        return exec(target, probe.getExec().getCommand(), atMost);
      }
      if (probe.getHttpGet() != null) {
        return http(target, probe.getHttpGet(), atMost);
      }
      if (probe.getTcpSocket() != null) {
        return tcp(target, probe.getTcpSocket(), atMost);
      }
      if (probe.getGrpc() != null) {
        return grpc(target, probe.getGrpc(), atMost);
      }
      return ProbeResult.failure("this node has no such kind of probe");
    } catch (PodConfigException | PodRuntimeException | UnreachableException e) {
      return ProbeResult.failure(e.getMessage());
    }
  }

  private ProbeResult exec(ProbeTarget target, List<String> command, Duration atMost) {
    ExecResult result = runtime.exec(target.containerId(), command, atMost);
    if (result.timedOut()) {
      return ProbeResult.failure(
          "command timed out: \""
              + String.join(" ", command)
              + "\" timed out after "
              + atMost.toSeconds()
              + "s");
    }
    return result.succeeded()
        ? ProbeResult.SUCCESS
        : ProbeResult.failure(result.stdout() + result.stderr());
  }

  private ProbeResult http(ProbeTarget target, HTTPGetAction action, Duration atMost) {
    var request = HttpActions.request(action, target.container(), target.podIp(), AGENT);
    int status = network.get(request, atMost).status();
    return status >= FIRST_SUCCESS && status < FIRST_FAILURE
        ? ProbeResult.SUCCESS
        : ProbeResult.failure("HTTP probe failed with statuscode: " + status);
  }

  private ProbeResult grpc(ProbeTarget target, GRPCAction action, Duration atMost) {
    String service = action.getService() == null ? "" : action.getService();
    String host = HttpActions.host(null, target.podIp());
    String status = network.grpcHealth(host, action.getPort(), service, atMost, AGENT);
    return status.equals(SERVING)
        ? ProbeResult.SUCCESS
        : ProbeResult.failure("service unhealthy (responded with \"" + status + "\")");
  }

  private ProbeResult tcp(ProbeTarget target, TCPSocketAction action, Duration atMost) {
    network.connect(
        HttpActions.host(action.getHost(), target.podIp()),
        HttpActions.port(action.getPort(), target.container()),
        atMost);
    return ProbeResult.SUCCESS;
  }
}
