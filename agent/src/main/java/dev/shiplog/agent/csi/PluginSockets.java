package dev.shiplog.agent.csi;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Connections to the sockets of plugins on this machine, which share a thread. The thread is there
 * once the first connection is opened. Safe for use by many threads; the thread is guarded by this.
 */
final class PluginSockets implements AutoCloseable {

  private EpollEventLoopGroup loop;

  /** A connection that is made when it is first used, and again when the other side was away. */
  ManagedChannel open(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .eventLoopGroup(loop())
        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
        .usePlaintext()
        .overrideAuthority("localhost")
        .build();
  }

  private synchronized EpollEventLoopGroup loop() {
    if (loop == null) {
      if (!Epoll.isAvailable()) {
        throw new IllegalStateException(
            "unix sockets need Netty's epoll, which this system does not offer",
            Epoll.unavailabilityCause());
      }
      loop = new EpollEventLoopGroup(1, new DefaultThreadFactory("csi", true));
    }
    return loop;
  }

  @Override
  public synchronized void close() {
    if (loop != null) {
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
