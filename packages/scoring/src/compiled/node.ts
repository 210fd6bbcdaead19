/** One node of a graph as an operator sees it: attributes by name, inputs as slots. */
import { attributeInts, attributeText, attributeTexts, type NodeProto } from '@malachite/onnx';
import type { Heap } from './heap.ts';
import { exact, type FloatSlot, type NumberSlot, type Slot, type TextSlot } from './slot.ts';
import { Unsupported } from './unsupported.ts';

/** Computes the first `rows` rows of an operator's outputs from those of its inputs. */
export type Kernel = (rows: number) => void;

export interface Compiled {
  readonly outputs: readonly Slot[];
  /** Absent when the output is an input under another name. */
  readonly run?: Kernel;
}

/** @throws Unsupported */
export type Operator = (node: Node) => Compiled;

export class Node {
  private readonly proto: NodeProto;
  /** One a given input; undefined for an optional one that is left out. */
  readonly inputs: readonly (Slot | undefined)[];
  /** Where its outputs' columns are made. */
  readonly heap: Heap;

  constructor(proto: NodeProto, inputs: readonly (Slot | undefined)[], heap: Heap) {
    this.proto = proto;
    this.inputs = inputs;
    this.heap = heap;
  }

  has(name: string): boolean {
    return this.proto.attribute.some((attribute) => attribute.name === name);
  }
  integer(name: string, absent: number): number {
    return Number(this.proto.attribute.find((attribute) => attribute.name === name)?.i ?? absent);
  }
  float(name: string, absent: number): number {
    return this.proto.attribute.find((attribute) => attribute.name === name)?.f ?? absent;
  }
  floats(name: string): readonly number[] {
    return this.proto.attribute.find((attribute) => attribute.name === name)?.floats ?? [];
  }
  integers(name: string): readonly number[] {
    const given = attributeInts(this.proto.attribute, name);
    return given.some((value) => typeof value === 'bigint') ? given.map(exact) : (given as readonly number[]);
  }
  text(name: string, absent: string): string {
    return attributeText(this.proto.attribute, name) ?? absent;
  }
  texts(name: string): readonly string[] {
    return attributeTexts(this.proto.attribute, name);
  }
  /** @throws Unsupported when the input is left out */
  input(index: number): Slot {
    const slot = this.inputs[index];
    if (slot === undefined) throw new Unsupported(`input ${index} left out`);
    return slot;
  }
  numbers(index: number): NumberSlot {
    const slot = this.input(index);
    if (slot.type === 'text') throw new Unsupported('texts where numbers belong');
    return slot as NumberSlot;
  }
  floatInput(index: number): FloatSlot {
    const slot = this.input(index);
    if (slot.type !== 'float') throw new Unsupported(`${slot.type} values where floats belong`);
    return slot as FloatSlot;
  }
  textInput(index: number): TextSlot {
    const slot = this.input(index);
    if (slot.type !== 'text') throw new Unsupported('numbers where texts belong');
    return slot as TextSlot;
  }
  /** The numbers of an input that must be the same for every run: indices, axes, shapes. */
  constants(index: number): readonly number[] {
    const { constant } = this.numbers(index);
    if (constant === undefined) throw new Unsupported(`input ${index} not constant`);
    return constant.values as readonly number[];
  }
}
