package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.containerd.cri.RuntimeServiceGrpc;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CriTracingTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final BlockingQueue<String> traces = new LinkedBlockingQueue<>();
  private Server server;
  private CriConnection connection;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(new FakeRuntime(), new Headers(traces)))
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    connection = new CriConnection(channel, () -> {});
  }

  @AfterEach
  void stop() {
    connection.close();
    server.shutdownNow();
  }

  @Test
  void aCallWithinATraceHandsItOnToTheRuntime() {
    Step step = Tracing.here().follow("start sandbox", SpanKind.INTERNAL, PARENT);
    try (Scope _ = step.onThisThread()) {
      call();
    }
    call();

    assertThat(traces).containsExactly(PARENT, "none");
  }

  private void call() {
    Cri.VersionResponse _ =
        connection.runtime(Duration.ofSeconds(30)).version(Cri.VersionRequest.getDefaultInstance());
  }

  private static final class FakeRuntime extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    @Override
    public void version(Cri.VersionRequest request, StreamObserver<Cri.VersionResponse> observer) {
      observer.onNext(Cri.VersionResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  /** Keeps what calls say of their trace. */
  private record Headers(BlockingQueue<String> traces) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String trace = headers.get(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER));
      traces.add(trace == null ? "none" : trace);
      return next.startCall(call, headers);
    }
  }
}
