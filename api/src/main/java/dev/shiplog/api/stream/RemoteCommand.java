package dev.shiplog.api.stream;

import dev.shiplog.topics.record.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.NetSocket;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One exec or attach: a client that speaks {@code v5.channel.k8s.io} over WebSocket, and a runtime
 * that speaks {@code v4.channel.k8s.io} over SPDY, whose messages mean the same. Each side is read
 * only as fast as the other takes it. When the runtime is done, the client is told how it ended and
 * then left. Belongs to the event loop of both connections.
 */
public final class RemoteCommand {

  /** What the client has to speak. */
  public static final String CLIENT_PROTOCOL = "v5.channel.k8s.io";

  /** What the node is asked to speak. */
  public static final String NODE_PROTOCOL = "v4.channel.k8s.io";

  private static final short NORMAL = 1000;

  private final ServerWebSocket client;
  private final NetSocket node;
  private final SpdyConnection spdy;
  private final Context loop = Vertx.currentContext();
  private final Map<Channel, Integer> streams = new EnumMap<>(Channel.class);
  private final Set<Channel> ended = EnumSet.noneOf(Channel.class);
  private Optional<Channel> current = Optional.empty();
  private boolean closing;
  private boolean statusSent;
  private boolean nodeGone;
  private boolean done;

  private RemoteCommand(ServerWebSocket client, NetSocket node) {
    this.client = client;
    this.node = node;
    spdy = new SpdyConnection(node::write, new FromNode());
  }

  /**
   * What is streamed.
   *
   * @param tty whether it is a terminal, whose size can change
   */
  public record Ends(boolean stdin, boolean stdout, boolean stderr, boolean tty) {

    /** In the order in which the streams are opened. */
    private Set<Channel> channels() {
      Set<Channel> channels = EnumSet.of(Channel.ERROR);
      addIf(channels, stdin, Channel.STDIN);
      addIf(channels, stdout, Channel.STDOUT);
      addIf(channels, stderr && !tty, Channel.STDERR);
      addIf(channels, tty, Channel.RESIZE);
      return channels;
    }

    private static void addIf(Set<Channel> channels, boolean wanted, Channel channel) {
      if (wanted) {
        channels.add(channel);
      }
    }
  }

  /** Joins the two until one of them is gone. Both must be paused or new. */
  public static void join(ServerWebSocket client, NetSocket node, Ends ends) {
    RemoteCommand command = new RemoteCommand(client, node);
    for (Channel channel : ends.channels()) {
      command.streams.put(channel, command.spdy.open(Map.of("streamtype", channel.streamType())));
    }
    command.start();
  }

  private void start() {
    client.exceptionHandler(broken -> {});
    client.frameHandler(this::fromClient);
    client.closeHandler(gone -> finish());
    client.drainHandler(drained -> node.resume());
    node.exceptionHandler(broken -> {});
    node.handler(this::fromNode);
    node.drainHandler(drained -> client.resume());
    node.endHandler(ended -> nodeLeft());
    node.closeHandler(gone -> nodeLeft());
    node.resume();
    client.resume();
  }

  private void fromClient(WebSocketFrame frame) {
    if (frame.isPing() || frame.isClose() || done) {
      return;
    }
    Buffer bytes = frame.binaryData();
    if (!frame.isContinuation()) {
      if (bytes.length() == 0) {
        return;
      }
      int number = bytes.getUnsignedByte(0);
      closing = number == Channel.CLOSE;
      current = Channel.of(number);
      bytes = bytes.slice(1, bytes.length());
    }
    if (closing) {
      end(bytes);
    } else {
      send(bytes);
    }
    if (node.writeQueueFull()) {
      client.pause();
    }
  }

  private void end(Buffer numbers) {
    for (int i = 0; i < numbers.length(); i++) {
      Channel.of(numbers.getUnsignedByte(i))
          .filter(streams::containsKey)
          .filter(ended::add)
          .ifPresent(channel -> spdy.end(streams.get(channel)));
    }
  }

  /** What is sent on a channel that is not streamed, or was ended, goes nowhere. */
  private void send(Buffer bytes) {
    if (bytes.length() > 0 && current.isPresent() && !ended.contains(current.get())) {
      Integer stream = streams.get(current.get());
      if (stream != null) {
        spdy.send(stream, bytes);
      }
    }
  }

  private void fromNode(Buffer bytes) {
    if (done) {
      return;
    }
    try {
      spdy.receive(bytes);
    } catch (IllegalArgumentException notSpdy) {
      finish();
    }
    if (!done && !nodeGone && client.writeQueueFull()) {
      node.pause();
    }
  }

  /**
   * A node's connection says that it closed as soon as it has, even if bytes of it wait here for a
   * client that is slow: they are handed over on this loop once reading goes on, and then it is
   * over.
   */
  private void nodeLeft() {
    if (!nodeGone) {
      nodeGone = true;
      node.resume();
      loop.runOnContext(none -> finish());
    }
  }

  private final class FromNode implements SpdyConnection.Listener {

    @Override
    public void received(int stream, Buffer bytes) {
      streams.forEach((channel, number) -> {
        if (number == stream) {
          statusSent |= channel == Channel.ERROR;
          write(channel, bytes);
        }
      });
    }

    @Override
    public void goingAway() {
      finish();
    }
  }

  private void write(Channel channel, Buffer bytes) {
    if (!client.isClosed()) {
      var _ =
          client.writeBinaryMessage(
              Buffer.buffer(bytes.length() + 1)
                  .appendByte((byte) channel.number())
                  .appendBuffer(bytes));
    }
  }

  private void finish() {
    if (done) {
      return;
    }
    done = true;
    if (!statusSent) {
      write(Channel.ERROR, brokenOff());
    }
    if (!client.isClosed()) {
      var _ = client.close(NORMAL);
      // Its answer to that.
      client.resume();
    }
    var _ = node.close();
    spdy.close();
  }

  private static Buffer brokenOff() {
    return Buffer.buffer(
        Json.MAPPER
            .createObjectNode()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("reason", "InternalError")
            .put("message", "the connection to the node broke off before the command ended")
            .put("code", 500)
            .toString());
  }
}
