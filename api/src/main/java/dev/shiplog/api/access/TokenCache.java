package dev.shiplog.api.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What tokens were found to say, so that a signature is verified once and not for every request.
 * Holds digests, never tokens. What it holds is bounded in number and in time; when it is full,
 * what has ended goes first. Any thread.
 */
public final class TokenCache<T> {

  private final int most;
  private final InstantSource clock;
  private final ConcurrentMap<ByteBuffer, Entry<T>> entries = new ConcurrentHashMap<>();

  private record Entry<T>(T value, Instant end) {}

  public TokenCache(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  /** What names a token here. */
  public static ByteBuffer key(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public Optional<T> get(ByteBuffer key) {
    Entry<T> entry = entries.get(key);
    return entry == null || !clock.instant().isBefore(entry.end())
        ? Optional.empty()
        : Optional.of(entry.value());
  }

  /** Keeps a value until then. */
  public void put(ByteBuffer key, T value, Instant end) {
    if (entries.size() >= most) {
      makeRoom();
    }
    entries.put(key, new Entry<>(value, end));
  }

  int size() {
    return entries.size();
  }

  /** Half of it is let go at once where nothing has ended, so that this is rare. */
  private void makeRoom() {
    Instant now = clock.instant();
    entries.values().removeIf(entry -> !now.isBefore(entry.end()));
    Iterator<ByteBuffer> keys = entries.keySet().iterator();
    while (entries.size() >= most / 2 + 1 && keys.hasNext()) {
      keys.next();
      keys.remove();
    }
  }
}
