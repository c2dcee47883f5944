package dev.shiplog.api.schema.custom;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload.Binary;
import dev.cel.runtime.CelFunctionOverload.Unary;

/** A function of expressions: what the checker knows of it, and what it does. */
record CelFunction(CelFunctionDecl declaration, CelFunctionBinding binding) {

  /** A type of values, for the checker and in Java. */
  record Kind<T>(CelType type, Class<T> java, String name) {
    static final Kind<String> TEXT = new Kind<>(SimpleType.STRING, String.class, "string");
    static final Kind<Long> NUMBER = new Kind<>(SimpleType.INT, Long.class, "int");
    static final Kind<Boolean> FLAG = new Kind<>(SimpleType.BOOL, Boolean.class, "bool");
  }

  /** Makes a value of a text, if it is one. */
  @Immutable
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Reads it.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    T read(String text);
  }

  static <A> CelFunction global(String name, CelType result, Kind<A> of, Unary<A> body) {
    String id = "kubernetes_" + name.replace('.', '_') + "_" + of.name();
    return new CelFunction(
        CelFunctionDecl.newFunctionDeclaration(
            name, CelOverloadDecl.newGlobalOverload(id, result, of.type())),
        CelFunctionBinding.from(id, of.java(), body));
  }

  static <A> CelFunction member(String name, CelType result, Kind<A> of, Unary<A> body) {
    String id = of.name() + "_" + name;
    return new CelFunction(
        CelFunctionDecl.newFunctionDeclaration(
            name, CelOverloadDecl.newMemberOverload(id, result, of.type())),
        CelFunctionBinding.from(id, of.java(), body));
  }

  static <A, B> CelFunction member(
      String name, CelType result, Kind<A> of, Kind<B> with, Binary<A, B> body) {
    String id = of.name() + "_" + name + "_" + with.name();
    return new CelFunction(
        CelFunctionDecl.newFunctionDeclaration(
            name, CelOverloadDecl.newMemberOverload(id, result, of.type(), with.type())),
        CelFunctionBinding.from(id, of.java(), with.java(), body));
  }

  /** Reads a text, where a wrong one is an error of the expression. */
  static <T> T read(Reader<T> reader, String text) throws CelEvaluationException {
    try {
      return reader.read(text);
    } catch (IllegalArgumentException e) {
      throw new CelEvaluationException(e.getMessage());
    }
  }

  /** Whether a text can be read. */
  static <T> boolean isReadable(Reader<T> reader, String text) {
    try {
      return reader.read(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
