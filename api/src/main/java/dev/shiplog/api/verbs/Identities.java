package dev.shiplog.api.verbs;

import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Gives new objects their uid, generated name and time. Any thread, as far as its sources are. */
public final class Identities {

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final int LONGEST_BASE = 63 - SUFFIX_LENGTH;

  private final InstantSource clock;
  private final Supplier<? extends RandomGenerator> random;

  public Identities(InstantSource clock, Supplier<? extends RandomGenerator> random) {
    this.clock = clock;
    this.random = random;
  }

  /** A random (version 4) UUID. */
  public String uid() {
    RandomGenerator source = random.get();
    long high = (source.nextLong() & ~0xF000L) | 0x4000L;
    long low = (source.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** A name with a random end, as {@code metadata.generateName} asks for. */
  public String nameFrom(String base) {
    RandomGenerator source = random.get();
    StringBuilder name =
        new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST_BASE)));
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(LETTERS.charAt(source.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  /** The time as metadata has it, to the second. */
  public String now() {
    return inSeconds(0);
  }

  /** The time so many seconds from now. */
  public String inSeconds(long seconds) {
    return DateTimeFormatter.ISO_INSTANT.format(
        clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds));
  }
}
