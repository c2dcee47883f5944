package dev.shiplog.api.schema.types;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Facts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All definitions by name. The file has one definition per line; only the places of the lines are
 * read at start, a definition itself when it is first asked for, since a server meets few of the
 * 800. Any thread.
 */
public final class TypeCatalogue {

  private final byte[] file;
  private final SortedMap<String, Line> lines = new TreeMap<>();
  private final Map<String, TypeDefinition> parsed = new ConcurrentHashMap<>();

  private TypeCatalogue(byte[] file) {
    this.file = file;
    indexLines();
  }

  public static TypeCatalogue builtIn() {
    return BuiltIn.CATALOGUE;
  }

  /**
   * The definition of an object with fields.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public TypeDefinition get(String name) {
    // Not computeIfAbsent: reading one definition never asks for another, yet may be asked for by
    // two threads; both get equal ones.
    TypeDefinition known = parsed.get(name);
    if (known != null) {
      return known;
    }
    TypeDefinition read = DefinitionReader.read(name, facts(name), this);
    TypeDefinition before = parsed.putIfAbsent(name, read);
    return before == null ? read : before;
  }

  public Optional<TypeDefinition> find(String name) {
    return lines.containsKey(name) ? Optional.of(get(name)) : Optional.empty();
  }

  /** Names of all definitions, those without fields included. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(lines.keySet()));
  }

  /** What the data says of a definition, read at each call. */
  public JsonNode facts(String name) {
    Line line = lines.get(name);
    if (line == null) {
      throw new IllegalArgumentException("no type is named " + name);
    }
    return Facts.parse(Arrays.copyOfRange(file, line.start, line.end));
  }

  /** What the data says of the groups and versions; read at each call. */
  public JsonNode groupVersions() {
    int end = 0;
    while (file[end] != '\n') {
      end++;
    }
    // The first line ends where the definitions begin, inside two objects.
    String head = new String(file, 0, end, StandardCharsets.UTF_8) + "}}";
    return Facts.parse(head.getBytes(StandardCharsets.UTF_8)).get("groupVersions");
  }

  private void indexLines() {
    int start = 0;
    while (start < file.length) {
      int end = start;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      // The first line is the head of the file; every definition's line starts with its name.
      if (start > 0 && file[start] == '"') {
        index(start, end);
      }
      start = end + 1;
    }
  }

  private void index(int start, int end) {
    int quote = start + 1;
    while (file[quote] != '"') {
      quote++;
    }
    String name = new String(file, start + 1, quote - start - 1, StandardCharsets.US_ASCII);
    int last = file[end - 1] == ',' ? end - 1 : end;
    lines.put(name, new Line(quote + 2, last));
  }

  private record Line(int start, int end) {}

  private static final class BuiltIn {
    static final TypeCatalogue CATALOGUE = new TypeCatalogue(both());

    /** Shiplog's own definitions stand in a file of the same form. */
    private static byte[] both() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(Facts.bytes("kubernetes-types.json"));
      all.write('\n');
      all.writeBytes(Facts.bytes("shiplog-types.json"));
      return all.toByteArray();
    }
  }
}
