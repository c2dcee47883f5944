package dev.shiplog.api.stream;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The channels of {@code v5.channel.k8s.io}: each message begins with a channel's number. Towards
 * the runtime each is a SPDY stream of that name.
 */
enum Channel {
  STDIN(0),
  STDOUT(1),
  STDERR(2),
  ERROR(3),
  RESIZE(4);

  /** A message on this channel holds the number of one that its sender ends. */
  static final int CLOSE = 255;

  private final int number;

  Channel(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Value of the stream's header {@code streamtype}. */
  String streamType() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Channel> of(int number) {
    return Arrays.stream(values()).filter(channel -> channel.number == number).findFirst();
  }
}
