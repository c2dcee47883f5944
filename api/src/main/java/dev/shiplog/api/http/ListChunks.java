package dev.shiplog.api.http;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Answer;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * A list as JSON, piece by piece: the bytes of its objects one after the other, without making the
 * whole in memory or reading one of them. One thread.
 */
final class ListChunks implements Iterator<Buffer> {

  private static final int CHUNK = 64 * 1024;
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.UTF_8);

  private final Iterator<StoredObject> objects;
  private final Function<StoredObject, byte[]> bytes;
  private byte[] start;
  private boolean first = true;
  private boolean ended;

  ListChunks(
      Encoder encoder,
      Answer.Listing listing,
      Representation wanted,
      Function<StoredObject, byte[]> bytes) {
    this.objects = listing.objects().iterator();
    this.bytes = bytes;
    ResourceType type = listing.type();
    String head =
        "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":["
            .formatted(
                Encoder.listKind(type, wanted),
                Encoder.listVersion(type, wanted),
                encoder.listMetadata(listing));
    this.start = head.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public Buffer next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    Buffer chunk = Buffer.buffer(CHUNK + CHUNK / 4);
    if (start != null) {
      chunk.appendBytes(start);
      start = null;
    }
    while (chunk.length() < CHUNK && objects.hasNext()) {
      if (!first) {
        chunk.appendByte((byte) ',');
      }
      first = false;
      chunk.appendBytes(bytes.apply(objects.next()));
    }
    if (!objects.hasNext()) {
      chunk.appendBytes(END);
      ended = true;
    }
    return chunk;
  }
}
