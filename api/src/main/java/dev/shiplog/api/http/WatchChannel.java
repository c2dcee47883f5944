package dev.shiplog.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.streams.WriteStream;

/**
 * The connection of one watch: what events are written to. Both ways belong to the event loop of
 * their connection.
 */
sealed interface WatchChannel {

  /** Lets the client know that the watch is on; {@code gone} is called once it has left. */
  void begin(Runnable gone);

  /** Takes one event; it may stay here until {@link #flush}. */
  void add(byte[] event);

  void flush();

  void end();

  /** What says whether the connection takes more. */
  WriteStream<?> flow();

  /** Events one after the other in an answer without end. */
  final class Body implements WatchChannel {

    private final Exchange exchange;
    private final String contentType;
    private Buffer waiting = Buffer.buffer();

    Body(Exchange exchange, String contentType) {
      this.exchange = exchange;
      this.contentType = contentType;
    }

    @Override
    public void begin(Runnable gone) {
      HttpServerResponse response = exchange.head(200, contentType);
      response.setChunked(true);
      response.closeHandler(none -> gone.run());
      response.exceptionHandler(broken -> gone.run());
      // The client learns at once that the watch is on, however long nothing happens.
      response.writeHead();
    }

    @Override
    public void add(byte[] event) {
      waiting.appendBytes(event);
    }

    @Override
    public void flush() {
      if (waiting.length() > 0) {
        exchange.response().write(waiting);
        waiting = Buffer.buffer();
      }
    }

    @Override
    public void end() {
      exchange.response().end();
    }

    @Override
    public WriteStream<?> flow() {
      return exchange.response();
    }
  }

  /** A message per event: text, or binary where the events are messages of protobuf. */
  final class Socket implements WatchChannel {

    private final ServerWebSocket socket;
    private final boolean text;

    Socket(ServerWebSocket socket, boolean text) {
      this.socket = socket;
      this.text = text;
    }

    @Override
    public void begin(Runnable gone) {
      socket.closeHandler(none -> gone.run());
      socket.exceptionHandler(broken -> gone.run());
    }

    @Override
    public void add(byte[] event) {
      if (text) {
        socket.writeTextMessage(new String(event, java.nio.charset.StandardCharsets.UTF_8));
      } else {
        socket.writeBinaryMessage(Buffer.buffer(event));
      }
    }

    @Override
    public void flush() {
      // Each event is a message of its own and has gone out already.
    }

    @Override
    public void end() {
      socket.close();
    }

    @Override
    public WriteStream<?> flow() {
      return socket;
    }
  }
}
