package dev.shiplog.api.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The client's end of a SPDY/3.1 connection, as far as container runtimes speak it: they follow no
 * flow-control windows and send no window updates, so neither does this; the transport's
 * back-pressure has to do. Netty knows the frames, this knows what to do with them. One thread.
 */
public final class SpdyConnection implements AutoCloseable {

  private static final byte LOWEST_PRIORITY = 7;

  /** Data arrives in pieces of at most so many bytes. */
  private static final int LARGEST_PIECE = 32 << 10;

  private static final int LARGEST_HEADERS = 16 << 10;

  /** With zlib's usual level, window and memory for headers. */
  private final EmbeddedChannel codec =
      new EmbeddedChannel(
          new SpdyFrameCodec(SpdyVersion.SPDY_3_1, LARGEST_PIECE, LARGEST_HEADERS, 6, 15, 8));

  private final Consumer<Buffer> out;
  private final Listener listener;
  private int nextStream = 1;

  /** What the other end says. */
  public interface Listener {

    /** Bytes of a stream that was opened here. */
    void received(int stream, Buffer bytes);

    /** The other end is about to close the connection; nothing more comes. */
    void goingAway();
  }

  /** A connection over a transport that takes bytes in order. */
  public SpdyConnection(Consumer<Buffer> out, Listener listener) {
    this.out = out;
    this.listener = listener;
  }

  /**
   * Opens a stream.
   *
   * @param headers what it is for; names in lower case
   * @return its number
   */
  public int open(Map<String, String> headers) {
    int stream = nextStream;
    nextStream += 2;
    SpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(stream, 0, LOWEST_PRIORITY);
    headers.forEach(frame.headers()::set);
    write(frame);
    return stream;
  }

  public void send(int stream, Buffer bytes) {
    write(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes.getBytes())));
  }

  /** Says that nothing more will be sent on a stream; it may still receive. */
  public void end(int stream) {
    SpdyDataFrame last = new DefaultSpdyDataFrame(stream);
    last.setLast(true);
    write(last);
  }

  /**
   * Takes bytes from the transport.
   *
   * @throws IllegalArgumentException if they are not SPDY/3.1; the connection is of no use then
   */
  public void receive(Buffer bytes) {
    decode(bytes);
    for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
      handle((SpdyFrame) frame);
    }
  }

  private void decode(Buffer bytes) {
    try {
      codec.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes()));
    } catch (Exception e) { // Netty throws checked exceptions that it does not declare.
      throw new IllegalArgumentException("not SPDY/3.1: " + e.getMessage(), e);
    }
  }

  private void handle(SpdyFrame frame) {
    switch (frame) {
      case SpdyDataFrame data -> {
        Buffer bytes = Buffer.buffer(bytes(data.content()));
        data.release();
        if (bytes.length() > 0) {
          listener.received(data.streamId(), bytes);
        }
      }
      // An odd number would be an answer to a ping of ours, of which there are none.
      case SpdyPingFrame ping when ping.id() % 2 == 0 -> write(new DefaultSpdyPingFrame(ping.id()));
      case SpdyGoAwayFrame bye -> listener.goingAway();
      // Replies, resets and settings change nothing for streams that live as long as their
      // connection. The type is the library's, so not every case can be named.
      default -> {}
    }
  }

  private void write(SpdyFrame frame) {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      out.accept(Buffer.buffer(bytes(bytes)));
      bytes.release();
    }
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    codec.finishAndReleaseAll();
  }
}
