package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Writes watch events as lines of JSON or as messages. The bytes of an event are made once for each
 * encoding and shared by all who watch it, as long as it is recent; two watchers that meet there at
 * once may each make them, with the same result. Any thread.
 */
final class EventEncoder {

  /** Recent events per encoding; a power of two. Watchers that keep up are far less apart. */
  private static final int RECENT = 1024;

  /** Clients choose among a handful of encodings per resource; this many are kept at most. */
  private static final int ENCODINGS = 1024;

  /** Longer lines are made anew each time, so that large objects do not fill the memory twice. */
  private static final int LONGEST_KEPT = 64 * 1024;

  private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

  private final Encoder encoder;
  private final Map<Encoding, AtomicReferenceArray<Encoded>> recent = new ConcurrentHashMap<>();

  EventEncoder(Encoder encoder) {
    this.encoder = encoder;
  }

  private record Encoding(ResourceType type, Representation wanted) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Encoded(Object shared, WatchEvent.Type type, byte[] bytes) {

    /**
     * By identity: there is one instance of what watchers share, and comparing it would be slow.
     */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(WatchEvent event) {
      return shared == event.shared() && type == event.type();
    }
  }

  /** How the events of one watch are written. */
  final class Session {

    private final ResourceType type;
    private final Representation wanted;
    private final AtomicReferenceArray<Encoded> kept;

    private Session(ResourceType type, Representation wanted, AtomicReferenceArray<Encoded> kept) {
      this.type = type;
      this.wanted = wanted;
      this.kept = kept;
    }

    String contentType() {
      return Representation.mediaType(wanted.syntax())
          + (wanted.syntax() == Syntax.PROTOBUF ? ";stream=watch" : "");
    }

    /** An event as a line or message. The bytes are shared: do not change. */
    byte[] line(WatchEvent event) {
      int slot = (int) event.revision() & (RECENT - 1);
      Encoded known = kept.get(slot);
      if (known != null && known.isOf(event)) {
        return known.bytes();
      }
      byte[] bytes = wrapped(event.type().name(), object(event));
      if (bytes.length <= LONGEST_KEPT) {
        kept.setRelease(slot, new Encoded(event.shared(), event.type(), bytes));
      }
      return bytes;
    }

    private byte[] object(WatchEvent event) {
      StoredObject object = event.object();
      if (event.type() == WatchEvent.Type.DELETED && object.revision() != event.revision()) {
        return encoder.object(type, new AsOf(object, event.revision()), wanted);
      }
      return encoder.object(type, object, wanted);
    }

    /** A bookmark: everything up to the revision was told. */
    byte[] bookmark(long revision, boolean initialEventsEnd) {
      ObjectNode object = encoder.bookmark(type, wanted);
      ObjectNode metadata = Meta.of(object);
      metadata.put("resourceVersion", Long.toString(revision));
      metadata.putNull("creationTimestamp");
      if (initialEventsEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      return wrapped("BOOKMARK", encoder.tree(object, wanted.syntax()));
    }

    byte[] error(ApiFailure failure) {
      return wrapped("ERROR", encoder.tree(StatusTree.of(failure), wanted.syntax()));
    }

    private byte[] wrapped(String eventType, byte[] object) {
      return wanted.syntax() == Syntax.PROTOBUF
          ? ProtobufBody.event(eventType, object)
          : EventEncoder.line(eventType, object);
    }
  }

  Session session(ResourceType type, Representation wanted) {
    Encoding encoding = new Encoding(type, wanted);
    AtomicReferenceArray<Encoded> kept = recent.get(encoding);
    if (kept == null) {
      kept = new AtomicReferenceArray<>(RECENT);
      AtomicReferenceArray<Encoded> before =
          recent.size() < ENCODINGS ? recent.putIfAbsent(encoding, kept) : null;
      kept = before == null ? kept : before;
    }
    return new Session(type, wanted, kept);
  }

  private static byte[] line(String type, byte[] object) {
    byte[] start = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    int length = object.length;
    while (length > 0 && object[length - 1] == '\n') {
      length--;
    }
    byte[] line = new byte[start.length + length + END.length];
    System.arraycopy(start, 0, line, 0, start.length);
    System.arraycopy(object, 0, line, start.length, length);
    System.arraycopy(END, 0, line, start.length + length, END.length);
    return line;
  }
}
