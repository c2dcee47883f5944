package dev.shiplog.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertx.core.buffer.Buffer;

/** The other end of a SPDY connection, as frames. One thread at a time. */
final class SpdyPeer {

  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));

  synchronized void receive(Buffer bytes) {
    codec.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes()));
  }

  /** The next frame that was received; null if there is none. */
  synchronized SpdyFrame next() {
    return codec.readInbound();
  }

  <T extends SpdyFrame> T next(Class<T> type) {
    SpdyFrame frame = next();
    assertThat(frame).isInstanceOf(type);
    return type.cast(frame);
  }

  synchronized Buffer write(SpdyFrame frame) {
    codec.writeOutbound(frame);
    Buffer written = Buffer.buffer();
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy);
      written.appendBytes(copy);
      bytes.release();
    }
    return written;
  }
}
