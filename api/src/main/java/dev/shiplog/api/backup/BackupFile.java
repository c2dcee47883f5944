package dev.shiplog.api.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.shiplog.api.journal.ClusterImage;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.seal.Sealing;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * A backup: gzip around lines, so that it can be looked into with what every system has. First a
 * head, as JSON; then a line per object, with resource, key, seal and the stored JSON between tabs;
 * last a count, so that a file that is not whole is noticed. What is sealed in topics is sealed
 * here, too.
 *
 * @param path where it is
 */
public record BackupFile(Path path) {

  private static final String FORMAT = "shiplog-backup";
  private static final int VERSION = 1;
  private static final String TAB = "\t";
  private static final String END = "end";
  private static final int COLUMNS = 4;

  /** What the file says first. */
  private record Head(
      @JsonProperty("format") String format,
      @JsonProperty("version") int version,
      @JsonProperty("clusterId") String clusterId,
      @JsonProperty("revision") long revision,
      @JsonProperty("time") String time) {}

  /**
   * Writes an image. The file appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public void write(ClusterImage image, Sealing sealing, Instant now) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
            FileChannel.open(
                draft,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        GZIPOutputStream packed = new GZIPOutputStream(Channels.newOutputStream(channel));
        Writer out = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8))) {
      writeLines(image, sealing, now, out);
      out.flush();
      packed.finish();
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void writeLines(ClusterImage image, Sealing sealing, Instant now, Writer out)
      throws IOException {
    Head head = new Head(FORMAT, VERSION, image.clusterId(), image.revision(), now.toString());
    out.write(Json.MAPPER.writeValueAsString(head) + "\n");
    long count = 0;
    Set<StorageResource> resources = new TreeSet<>(image.state().resources());
    for (StorageResource resource : resources) {
      for (Iterator<StoredObject> all = image.state().list(resource, "", ""); all.hasNext(); ) {
        StoredObject object = all.next();
        String key = object.key().text();
        SealedValue value = sealing.seal(resource, key, object.bytes());
        String json = new String(value.bytes(), StandardCharsets.UTF_8);
        out.write(String.join(TAB, resource.name(), key, "" + value.seal(), json) + "\n");
        count++;
      }
    }
    out.write(END + TAB + count + "\n");
  }

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read, or is no backup, or is not whole
   * @throws dev.shiplog.topics.seal.SealedException if the key to something sealed is missing
   */
  public ClusterImage read(Sealing sealing) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      Head head = head(in.readLine());
      ObjectCodec codec = ClusterImage.codec();
      State state = State.EMPTY;
      long count = 0;
      String line = next(in);
      for (; !line.startsWith(END + TAB); line = next(in), count++) {
        String[] parts = line.split(TAB, COLUMNS);
        StorageResource resource = StorageResource.parse(parts[0]);
        SealedValue value =
            new SealedValue(Byte.parseByte(parts[2]), parts[3].getBytes(StandardCharsets.UTF_8));
        byte[] json = sealing.open(resource, parts[1], value);
        state = state.plus(codec.decode(ObjectKey.parse(resource, parts[1]), parts[1], json));
      }
      if (Long.parseLong(line.substring(END.length() + 1)) != count) {
        throw notWhole();
      }
      return new ClusterImage(head.clusterId(), head.revision(), state.atLeast(head.revision()));
    } catch (EOFException e) {
      throw notWhole();
    } catch (ZipException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | UncheckedIOException e) {
      throw new IOException(path + " is no backup: " + e.getMessage(), e);
    }
  }

  private String next(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw notWhole();
    }
    return line;
  }

  private Head head(String line) throws IOException {
    Head head = line == null ? null : Json.MAPPER.readValue(line, Head.class);
    if (head == null || !FORMAT.equals(head.format())) {
      throw new IOException(path + " is no backup of Shiplog's");
    }
    if (head.version() != VERSION) {
      throw new IOException(
          path + " has format " + head.version() + ", and this version reads " + VERSION);
    }
    return head;
  }

  private IOException notWhole() {
    return new IOException(path + " is not whole: its end is missing");
  }
}
