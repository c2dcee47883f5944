package dev.shiplog.api.schema.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What types and fields mean, in Kubernetes' own words: the annotations of the official Java
 * client's classes carry them. The classes are read as files and never loaded. Any thread.
 */
public final class Descriptions {

  private static final String MODELS = "/io/kubernetes/client/openapi/models/";
  private static final String NAME = "Lcom/google/gson/annotations/SerializedName;";
  private static final String OF_FIELD = "Lio/swagger/annotations/ApiModelProperty;";
  private static final String OF_CLASS = "Lio/swagger/annotations/ApiModel;";

  private static final Descriptions BUILT_IN = new Descriptions();

  /** By definition: texts by field, that of the definition itself under an empty name. */
  private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

  private Descriptions() {}

  public static Descriptions builtIn() {
    return BUILT_IN;
  }

  /** Of a definition such as {@code io.k8s.api.apps.v1.Deployment}; empty if nothing is known. */
  public String of(String definition) {
    return of(definition, "");
  }

  /** Of a field of a definition. */
  public String of(String definition, String field) {
    return known.computeIfAbsent(definition, Descriptions::read).getOrDefault(field, "");
  }

  static String firstSentence(String text) {
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static Map<String, String> read(String definition) {
    String[] steps = definition.split("\\.");
    if (steps.length < 3) {
      return Map.of();
    }
    String kind = steps[steps.length - 1];
    String version = capitalized(steps[steps.length - 2]);
    String group = capitalized(steps[steps.length - 3]);
    // Where kinds of several groups have one name, the client's class has the group in its own.
    return read(List.of(group + version + kind, version + kind));
  }

  private static Map<String, String> read(List<String> candidates) {
    for (String candidate : candidates) {
      try (InputStream in = Descriptions.class.getResourceAsStream(MODELS + candidate + ".class")) {
        if (in != null) {
          return texts(ClassFile.of().parse(in.readAllBytes()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Map.of();
  }

  private static Map<String, String> texts(ClassModel model) {
    Map<String, String> texts = new HashMap<>();
    model
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .flatMap(found -> text(found.annotations(), OF_CLASS, "description"))
        .ifPresent(text -> texts.put("", text));
    Map<String, String> names = fieldNames(model);
    for (MethodModel method : model.methods()) {
      String getter = method.methodName().stringValue();
      String field = getter.startsWith("get") ? names.get(plain(getter.substring(3))) : null;
      if (field != null) {
        method
            .findAttribute(Attributes.runtimeVisibleAnnotations())
            .flatMap(found -> text(found.annotations(), OF_FIELD, "value"))
            .ifPresent(text -> texts.put(field, text));
      }
    }
    return Map.copyOf(texts);
  }

  /** Names in JSON by those in Java. */
  private static Map<String, String> fieldNames(ClassModel model) {
    Map<String, String> names = new HashMap<>();
    for (FieldModel field : model.fields()) {
      field
          .findAttribute(Attributes.runtimeVisibleAnnotations())
          .flatMap(found -> text(found.annotations(), NAME, "value"))
          .ifPresent(json -> names.put(plain(field.fieldName().stringValue()), json));
    }
    return names;
  }

  /** A name as a field and its getter have it in common. */
  private static String plain(String name) {
    return name.replace("_", "").replace("$", "").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> text(List<Annotation> annotations, String type, String element) {
    for (Annotation annotation : annotations) {
      if (!annotation.className().equalsString(type)) {
        continue;
      }
      for (AnnotationElement found : annotation.elements()) {
        if (found.name().equalsString(element)
            && found.value() instanceof AnnotationValue.OfString value) {
          return Optional.of(value.stringValue()).filter(text -> !text.isEmpty());
        }
      }
    }
    return Optional.empty();
  }

  private static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
