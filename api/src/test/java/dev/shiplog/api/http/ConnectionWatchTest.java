package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time is the channel's own, which passes when it is told to. */
class ConnectionWatchTest {

  private static final ConnectionWatch.Limits LIMITS = new ConnectionWatch.Limits(1_000, 3, 6);

  private EmbeddedChannel channel;

  @BeforeEach
  void connect() {
    channel =
        new EmbeddedChannel(new ConnectionWatch(LIMITS, () -> true), new HttpRequestDecoder());
    channel.freezeTime();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private AtomicBoolean begin() {
    AtomicBoolean over = new AtomicBoolean();
    ConnectionWatch.of(channel).orElseThrow().begin(over::get);
    return over;
  }

  @Test
  void whoNeverComesToTheEndOfAHeadIsNotWaitedForHoweverBusyTheySeem() {
    send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 3; i++) {
      assertThat(channel.isOpen()).isTrue();
      send("X-" + i + ": drop\r\n");
      pass(1);
    }

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatIsBeingAnsweredIsNotDisturbed() {
    AtomicBoolean over = begin();
    pass(100);
    assertThat(channel.isOpen()).isTrue();

    over.set(true);
    pass(5);
    assertThat(channel.isOpen()).isTrue();
    pass(2);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionLivesAsLongAsRequestsCome() {
    for (int i = 0; i < 10; i++) {
      begin().set(true);
      pass(5);
    }

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void whatBecameAStreamIsLeftAlone() {
    begin().set(true);
    channel.pipeline().remove(HttpRequestDecoder.class);

    pass(100);

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void othersThatListenInThisProcessAreLeftAlone() {
    channel =
        new EmbeddedChannel(new ConnectionWatch(LIMITS, () -> false), new HttpRequestDecoder());
    channel.freezeTime();

    pass(100);

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void manyAtOnceAreForgottenWhenTheyAreOver() {
    for (int i = 0; i < 1000; i++) {
      begin().set(true);
    }
    pass(7);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whereNettyPutNoWatchTheFirstRequestDoes() {
    channel = new EmbeddedChannel(new HttpRequestDecoder());

    ConnectionPatience.begin(channel, () -> false);

    assertThat(ConnectionWatch.of(channel)).contains(channel.pipeline().get(ConnectionWatch.class));
  }

  @Test
  void oneThatComesWhenTheConnectionIsOpenLooksAllTheSame() {
    channel = new EmbeddedChannel(new HttpRequestDecoder());
    channel.freezeTime();
    channel.pipeline().addFirst(new ConnectionWatch(LIMITS, () -> true));
    begin().set(true);

    pass(7);

    assertThat(channel.isOpen()).isFalse();
  }
}
