package dev.shiplog.agent.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.reach.grpc.GrpcHealth.HealthCheckRequest;
import dev.shiplog.agent.reach.grpc.GrpcHealth.HealthCheckResponse;
import dev.shiplog.agent.reach.grpc.GrpcHealth.HealthCheckResponse.ServingStatus;
import dev.shiplog.agent.reach.grpc.HealthGrpc;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real gRPC server, asked over the loopback. */
final class GrpcHealthCheckTest {

  private static final Duration AT_MOST = Duration.ofSeconds(20);

  private Server server;

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @Test
  void aServerSaysHowItsServicesAre() throws IOException {
    start(new Services());

    assertThat(ask("")).isEqualTo("SERVING");
    assertThat(ask("orders")).isEqualTo("NOT_SERVING");
  }

  @Test
  void aServerThatDoesNotKnowTheQuestionIsUnhealthy() throws IOException {
    start();

    assertThatThrownBy(() -> ask(""))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("does not implement the grpc health protocol");
  }

  @Test
  void nobodyThereIsUnhealthy() throws Exception {
    start();
    int port = server.getPort();
    server.shutdownNow().awaitTermination();

    assertThatThrownBy(() -> GrpcHealthCheck.ask("127.0.0.1", port, "", AT_MOST, "kube-probe/1.36"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("failed to connect service \"127.0.0.1:" + port + "\"");
  }

  private void start(BindableService... services) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    for (BindableService service : services) {
      builder.addService(service);
    }
    server = builder.build().start();
  }

  private String ask(String service) {
    return GrpcHealthCheck.ask("127.0.0.1", server.getPort(), service, AT_MOST, "kube-probe/1.36");
  }

  /** All is well but for the orders. */
  private static final class Services extends HealthGrpc.HealthImplBase {

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> response) {
      ServingStatus status =
          request.getService().equals("orders") ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
      response.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
      response.onCompleted();
    }
  }
}
