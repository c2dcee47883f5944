package dev.shiplog.nativecheck.trace;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.util.Set;

/**
 * Follows the instructions of one method, to tell classes that are asked for by a constant name:
 * {@code native-image} sees those by itself. Used by one thread.
 */
final class ConstantNames {

  /** What a call gives that is on its way to a class loader, the last argument of the question. */
  private static final Set<String> LOADERS = Set.of("ClassLoader", "Class", "Thread");

  /** Whether the name still lies there as it is, below what else is asked with. */
  private boolean there;

  /** Whether a call that comes now is such a question. */
  boolean isKnown(Reach reach) {
    return reach == Reach.CLASS && there;
  }

  void passed(CodeElement element) {
    if (element instanceof Instruction) {
      there = isName(element) || (there && isBesides(element));
    }
  }

  private static boolean isName(CodeElement element) {
    return element instanceof ConstantInstruction constant
        && constant.constantValue() instanceof String;
  }

  private static boolean isBesides(CodeElement element) {
    return element instanceof ConstantInstruction
        || element instanceof LoadInstruction
        || (element instanceof InvokeInstruction call
            && LOADERS.contains(call.typeSymbol().returnType().displayName()));
  }
}
