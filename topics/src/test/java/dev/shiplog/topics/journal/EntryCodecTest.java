package dev.shiplog.topics.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void readsBackWhatItWrote(String name, Entry entry) {
    Entry back = EntryCodec.decode(EntryCodec.encode(entry));

    assertThat(back).as(name).usingRecursiveComparison().isEqualTo(entry);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void readsVersionOneFromWhereverItWasKept(String name, Entry entry) throws IOException {
    byte[] kept = HexFormat.of().parseHex(fixture("v1").get(name));

    assertThat(EntryCodec.decode(kept)).usingRecursiveComparison().isEqualTo(entry);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void writesTheVersionItSaysByteForByte(String name, Entry entry) throws IOException {
    String written = HexFormat.of().formatHex(EntryCodec.encode(entry));

    assertThat(written).isEqualTo(fixture("v" + EntryCodec.VERSION).get(name));
  }

  @Test
  void keepsTheBytesOfObjectsAsTheyAre() {
    Entry.Commit commit = Entries.commit(1, 1);

    Entry.Commit back = (Entry.Commit) EntryCodec.decode(EntryCodec.encode(commit));

    assertThat(back.changes().getFirst().after().open())
        .isEqualTo(commit.changes().getFirst().after().open());
    assertThat(back.changes().getLast().before().seal()).isEqualTo((byte) 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 511, 512, 513, 100_000})
  void keepsManyObjectsOfAnySizeInTheirOrder(int size) {
    Entry.Commit one = Entries.commit(1, 1);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      changes.add(
          new Change(
              one.changes().getFirst().resource(), "default/" + i, i, value(size, i), value(i, 7)));
    }
    Entry.Commit commit =
        new Entry.Commit(one.epoch(), one.sequence(), one.timeMs(), one.origin(), changes);

    assertThat(EntryCodec.decode(EntryCodec.encode(commit)))
        .usingRecursiveComparison()
        .withEqualsForType(Arrays::equals, byte[].class)
        .isEqualTo(commit);
  }

  private static SealedValue value(int size, int content) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) content);
    return new SealedValue(SealedValue.PLAIN, bytes);
  }

  @Test
  void holdsTheLargestNumbers() {
    Entry entry = new Entry.Heartbeat(Long.MAX_VALUE, -1, Long.MIN_VALUE);

    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  @Test
  void skipsOptionalFieldsThatALaterVersionAdded() {
    byte[] today = EntryCodec.encode(Entries.heartbeat());
    byte[] later = Arrays.copyOf(today, today.length + 4);
    // In place of "no optional fields": one, with tag 9 and two bytes.
    System.arraycopy(new byte[] {1, 9, 2, 'h', 'i'}, 0, later, today.length - 1, 5);

    assertThat(EntryCodec.decode(later)).isEqualTo(Entries.heartbeat());
  }

  @Test
  void refusesAVersionItDoesNotKnowAndSaysWhatToDo() {
    byte[] bytes = EntryCodec.encode(Entries.heartbeat());
    bytes[0] = 2;

    assertThatThrownBy(() -> EntryCodec.decode(bytes))
        .isInstanceOf(EntryFormatException.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("start the version of Shiplog that wrote it, or a newer one");
  }

  @Test
  void refusesAKindItDoesNotKnow() {
    byte[] bytes = EntryCodec.encode(Entries.heartbeat());
    bytes[1] = 99;

    assertThatThrownBy(() -> EntryCodec.decode(bytes))
        .isInstanceOf(EntryFormatException.class)
        .hasMessageContaining("kind 99");
  }

  @Test
  void refusesBytesAfterTheEnd() {
    byte[] bytes = EntryCodec.encode(Entries.heartbeat());

    assertThatThrownBy(() -> EntryCodec.decode(Arrays.copyOf(bytes, bytes.length + 3)))
        .isInstanceOf(EntryFormatException.class)
        .hasMessageContaining("3 bytes follow");
  }

  @Test
  void refusesALengthThatIsMoreThanThereIs() {
    // version, kind mark, server of 2^31 bytes
    byte[] bytes = {1, 5, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8};

    assertThatThrownBy(() -> EntryCodec.decode(bytes))
        .isInstanceOf(EntryFormatException.class)
        .hasMessageContaining("2147483648, but 0 bytes are left");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void refusesEveryEntryThatWasCutShort(String name, Entry entry) {
    byte[] bytes = EntryCodec.encode(entry);

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> EntryCodec.decode(cut))
          .as(name + " cut to " + length)
          .isInstanceOf(EntryFormatException.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void damagedBytesAreReadOrRefusedAndNothingElse(String name, Entry entry) {
    Random random = new Random(name.hashCode());
    byte[] bytes = EntryCodec.encode(entry);

    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      readOrRefuse(damaged);
    }
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      assertThat(EntryCodec.decode(bytes)).isNotNull();
    } catch (EntryFormatException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }

  static Stream<Arguments> entries() {
    return Stream.of(
        arguments("claim", Entries.claim()),
        arguments("heartbeat", Entries.heartbeat()),
        arguments("commit", Entries.commit(300, 128)),
        arguments("skip", Entries.skip(300, 129)),
        arguments("mark", Entries.mark()));
  }

  /** Lines of a name and the entry in hexadecimal. */
  private static Map<String, String> fixture(String version) throws IOException {
    try (InputStream in =
        EntryCodecTest.class.getResourceAsStream("/entries/" + version + ".txt")) {
      Map<String, String> entries = new TreeMap<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        List<String> parts = List.of(line.split(" "));
        entries.put(parts.getFirst(), parts.getLast());
      }
      return entries;
    }
  }
}
