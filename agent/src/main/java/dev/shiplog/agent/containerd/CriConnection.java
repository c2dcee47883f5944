package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.containerd.cri.ImageServiceGrpc;
import dev.shiplog.agent.containerd.cri.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.shiplog.agent.containerd.cri.RuntimeServiceGrpc;
import dev.shiplog.agent.containerd.cri.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a CRI socket. It connects when it is first used and again whenever the other side
 * was away; nothing is called through it without a deadline. Safe for use by many threads.
 */
final class CriConnection implements AutoCloseable {

  /** An ExecSync answers with all the command wrote; runtimes stop at 16 MiB of each stream. */
  private static final int MAX_MESSAGE_BYTES = 40 << 20;

  private final ManagedChannel channel;
  private final Runnable afterClose;
  private final RuntimeServiceBlockingStub runtime;
  private final ImageServiceBlockingStub images;

  /** Takes over the channel and closes it in the end. */
  CriConnection(ManagedChannel channel, Runnable afterClose) {
    this.channel = channel;
    this.afterClose = afterClose;
    Channel traced = ClientInterceptors.intercept(channel, new CriTracing());
    runtime = RuntimeServiceGrpc.newBlockingStub(traced);
    images = ImageServiceGrpc.newBlockingStub(traced);
  }

  /**
   * A connection to a unix socket, which need not be there yet.
   *
   * @throws IllegalStateException where Netty has no epoll: not Linux, or a processor it lacks
   */
  static CriConnection open(Path socket) {
    if (!Epoll.isAvailable()) {
      throw new IllegalStateException(
          "unix sockets need Netty's epoll, which this system does not offer",
          Epoll.unavailabilityCause());
    }
    var loop = new EpollEventLoopGroup(1, new DefaultThreadFactory("cri", true));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loop)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    return new CriConnection(
        channel,
        () -> {
          var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
  }

  RuntimeServiceBlockingStub runtime(Duration atMost) {
    return runtime.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  ImageServiceBlockingStub images(Duration atMost) {
    return images.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Opens the stream of events; the observer is called on threads of the channel. */
  void containerEvents(StreamObserver<Cri.ContainerEventResponse> observer) {
    RuntimeServiceGrpc.newStub(channel)
        .getContainerEvents(Cri.GetEventsRequest.getDefaultInstance(), observer);
  }

  /**
   * Makes the next call connect at once: gRPC's back-off grows to two minutes, but a socket on this
   * machine costs nothing to try.
   */
  void connectSoon() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    afterClose.run();
  }
}
