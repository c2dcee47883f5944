package dev.shiplog.agent.csi;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.NodeGrpc;
import dev.shiplog.agent.csi.grpc.NodeGrpc.NodeBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A storage driver of this node, over its socket. Blocks, for at most two minutes a call, and is
 * called off by an interrupt; safe for use by many threads. What does not work out is a {@link
 * PodConfigException} and may be tried again.
 */
final class Driver implements AutoCloseable {

  /** As long as the kubelet gives a driver. */
  private static final Duration CALL = Duration.ofMinutes(2);

  private final String name;
  private final ManagedChannel channel;
  private final Duration atMost;
  private volatile Set<RPC.Type> capabilities;

  /** Takes over the channel and closes it in the end. */
  Driver(String name, ManagedChannel channel) {
    this(name, channel, CALL);
  }

  Driver(String name, ManagedChannel channel, Duration atMost) {
    this.name = name;
    this.channel = channel;
    this.atMost = atMost;
  }

  String name() {
    return name;
  }

  Csi.NodeGetInfoResponse info() {
    return call(stub -> stub.nodeGetInfo(Csi.NodeGetInfoRequest.getDefaultInstance()));
  }

  /** Asked for once: a driver that learns something registers anew. */
  boolean can(RPC.Type capability) {
    Set<RPC.Type> known = capabilities;
    if (known == null) {
      known = EnumSet.noneOf(RPC.Type.class);
      for (var each : capabilities().getCapabilitiesList()) {
        known.add(each.getRpc().getType());
      }
      capabilities = known;
    }
    return known.contains(capability);
  }

  private Csi.NodeGetCapabilitiesResponse capabilities() {
    return call(
        stub -> stub.nodeGetCapabilities(Csi.NodeGetCapabilitiesRequest.getDefaultInstance()));
  }

  void stage(Csi.NodeStageVolumeRequest request) {
    var _ = call(stub -> stub.nodeStageVolume(request));
  }

  void unstage(Csi.NodeUnstageVolumeRequest request) {
    var _ = call(stub -> stub.nodeUnstageVolume(request));
  }

  void publish(Csi.NodePublishVolumeRequest request) {
    var _ = call(stub -> stub.nodePublishVolume(request));
  }

  void unpublish(Csi.NodeUnpublishVolumeRequest request) {
    var _ = call(stub -> stub.nodeUnpublishVolume(request));
  }

  Csi.NodeGetVolumeStatsResponse stats(Csi.NodeGetVolumeStatsRequest request) {
    return call(stub -> stub.nodeGetVolumeStats(request));
  }

  Csi.NodeExpandVolumeResponse expand(Csi.NodeExpandVolumeRequest request) {
    return call(stub -> stub.nodeExpandVolume(request));
  }

  private <T> T call(Function<NodeBlockingStub, T> rpc) {
    try {
      return rpc.apply(
          NodeGrpc.newBlockingStub(channel)
              .withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      // gRPC's own back-off grows to two minutes; a socket of this machine costs nothing to try.
      channel.resetConnectBackoff();
      throw new PodConfigException(words(e), e);
    }
  }

  /** As people know them from Kubernetes. */
  static String words(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return "rpc error: code = %s desc = %s"
        .formatted(code(e.getStatus().getCode().name()), description == null ? "" : description);
  }

  /** INVALID_ARGUMENT is InvalidArgument there. */
  private static String code(String name) {
    StringBuilder code = new StringBuilder();
    for (String word : name.split("_")) {
      code.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return code.toString();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
