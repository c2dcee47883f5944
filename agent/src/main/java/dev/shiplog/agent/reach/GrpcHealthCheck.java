package dev.shiplog.agent.reach;

import dev.shiplog.agent.reach.grpc.GrpcHealth.HealthCheckRequest;
import dev.shiplog.agent.reach.grpc.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a gRPC server how it is, on a connection of its own. Blocks; any thread. */
final class GrpcHealthCheck {

  private GrpcHealthCheck() {}

  /**
   * Asks once.
   *
   * @param service empty for the server as a whole
   * @return the status that the server names, such as SERVING
   * @throws UnreachableException if it does not answer in time, or does not know the question
   */
  static String ask(String host, int port, String service, Duration atMost, String agent) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
            .usePlaintext()
            .userAgent(agent)
            .build();
    try {
      return HealthGrpc.newBlockingStub(channel)
          .withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS)
          .check(HealthCheckRequest.newBuilder().setService(service).build())
          .getStatus()
          .name();
    } catch (StatusRuntimeException e) {
      throw new UnreachableException(words(e, host + ":" + port, atMost), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private static String words(StatusRuntimeException e, String address, Duration atMost) {
    return switch (e.getStatus().getCode()) {
      case UNIMPLEMENTED ->
          "error: this server does not implement the grpc health protocol"
              + " (grpc.health.v1.Health): "
              + e.getStatus().getDescription();
      case DEADLINE_EXCEEDED ->
          "timeout: health rpc did not complete within " + atMost.toMillis() + "ms";
      case UNAVAILABLE ->
          "failed to connect service \"%s\": %s".formatted(address, e.getStatus().getDescription());
      default -> "error: health rpc failed: " + e.getStatus();
    };
  }
}
