package dev.shiplog.api.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpdyConnectionTest {

  private final SpdyPeer peer = new SpdyPeer();
  private final List<String> heard = new ArrayList<>();
  private final SpdyConnection connection =
      new SpdyConnection(
          peer::receive,
          new SpdyConnection.Listener() {
            @Override
            public void received(int stream, Buffer bytes) {
              heard.add(stream + ":" + bytes);
            }

            @Override
            public void goingAway() {
              heard.add("bye");
            }
          });

  @Test
  void streamsGetOddNumbersAndTheirHeaders() {
    assertThat(connection.open(Map.of("streamtype", "stdin"))).isEqualTo(1);
    assertThat(connection.open(Map.of("streamtype", "stdout"))).isEqualTo(3);

    SpdySynStreamFrame first = peer.next(SpdySynStreamFrame.class);
    assertThat(first.streamId()).isEqualTo(1);
    assertThat(first.headers().get("streamtype")).isEqualTo("stdin");
    assertThat(peer.next(SpdySynStreamFrame.class).headers().get("streamtype")).isEqualTo("stdout");
  }

  @Test
  void dataArrivesHoweverTheTransportCutsIt() {
    Buffer frames =
        peer.write(new DefaultSpdyDataFrame(1, Unpooled.copiedBuffer("hello".getBytes(UTF_8))))
            .appendBuffer(
                peer.write(
                    new DefaultSpdyDataFrame(3, Unpooled.copiedBuffer("you".getBytes(UTF_8)))));

    for (int i = 0; i < frames.length(); i++) {
      connection.receive(frames.getBuffer(i, i + 1));
    }

    assertThat(String.join("", heard).replaceAll("1:", "")).isEqualTo("hello3:you");
  }

  @Test
  void anEndIsAnEmptyLastPiece() {
    int stream = connection.open(Map.of("streamtype", "stdin"));
    connection.send(stream, Buffer.buffer("in"));
    connection.end(stream);

    assertThat(peer.next(SpdySynStreamFrame.class).isLast()).isFalse();
    assertThat(peer.next(SpdyDataFrame.class).isLast()).isFalse();
    SpdyDataFrame last = peer.next(SpdyDataFrame.class);
    assertThat(last.isLast()).isTrue();
    assertThat(last.content().readableBytes()).isZero();
  }

  @Test
  void aPingIsAnswered() {
    connection.receive(peer.write(new DefaultSpdyPingFrame(2)));

    assertThat(peer.next(SpdyPingFrame.class).id()).isEqualTo(2);
  }

  @Test
  void aGoodbyeIsToldAfterWhatCameBeforeIt() {
    connection.receive(
        peer.write(new DefaultSpdyDataFrame(1, Unpooled.copiedBuffer("end".getBytes(UTF_8))))
            .appendBuffer(peer.write(new DefaultSpdyGoAwayFrame(1))));

    assertThat(heard).containsExactly("1:end", "bye");
  }

  @Test
  void framesOfAnotherVersionAreRefused() {
    byte[] settingsOfVersionTwo = {(byte) 0x80, 2, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0};

    assertThatThrownBy(() -> connection.receive(Buffer.buffer(settingsOfVersionTwo)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
