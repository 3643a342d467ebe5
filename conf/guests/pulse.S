/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pulse: a guest of one sector. It reads and writes the second disk (BIOS drive 0x81) through INT 13h for ever,
 * so that the same work can be watched over any backend the BIOS has a driver for: virtio-blk, virtio-scsi, IDE, SATA, USB.
 *
 * Sector 0 of the second disk says what to do (little endian):
 *   0  8 bytes  magic "VLPULSE1"
 *   8  u16      sectors of 512 bytes per request, 1 to 127
 *  10  u8       percent of the requests that read, 0 to 100; the others write
 *  11  u8       order: bit 0 set = pseudo-random, clear = sequential, beginning anew at the disk's end
 * Requests go to whole slots of that many sectors, from sector 2048 to the disk's end; the sectors before are never written.
 *
 * A line on the first serial port says what runs, or why nothing does. What cannot go on halts with interrupts
 * off, so that a guest without work costs the host nothing.
 */
	.code16
	.set	DRIVE, 0x81
	.set	FIRST, 2048		/* the first sector that is worked on */
	.set	HEADER, 0x7e00		/* sector 0 of the second disk is read to here */
	.set	PARAMS, 0x8000		/* what INT 13h AH=48h tells about the disk */
	.set	BUFFER_SEG, 0x1000	/* 64 KiB that no one else uses: the data of all requests */
	.set	MAGIC_LOW, 0x55504c56	/* "VLPU" */
	.set	MAGIC_HIGH, 0x3145534c	/* "LSE1" */
	.set	COM1, 0x3f8
	.set	LSR_ROOM, 0x20		/* line status: the transmitter takes a byte (a port that is not there reads 0xff) */

	.globl	_start
_start:				/* at 0000:7c00 or 07c0:0000; no address of code is absolute */
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movw	$0x7c00, %sp
	movw	$says_pulse, %si
	call	print

	movb	$0x48, %ah		/* is there a second disk, and of what size? */
	movw	$PARAMS, %si
	movw	$30, (%si)
	movb	$DRIVE, %dl
	int	$0x13
	movw	$no_disk, %si
	jc	stop

	movw	$HEADER >> 4, %ax	/* read its sector 0 */
	movw	%ax, %es
	xorl	%eax, %eax
	movw	$1, %cx
	movb	$0x42, %bh
	call	transfer

	movw	$no_header, %si
	cmpl	$MAGIC_LOW, HEADER
	jne	stop
	cmpl	$MAGIC_HIGH, HEADER + 4
	jne	stop
	movzwl	HEADER + 8, %ecx
	leaw	-1(%ecx), %ax
	cmpw	$127, %ax
	jae	stop
	cmpb	$100, HEADER + 10
	ja	stop

	movl	PARAMS + 16, %eax	/* slots = (sectors - FIRST) / sectors per request */
	cmpl	$0, PARAMS + 20
	je	1f
	orl	$-1, %eax		/* past 2 TiB: work on the first 2 TiB */
1:	xorl	%edx, %edx
	subl	$FIRST, %eax
	movw	$too_small, %si
	jb	stop
	divl	%ecx
	xchgl	%eax, %ebp		/* %ebp: slots */
	testl	%ebp, %ebp
	jz	stop

	movb	%cl, %al
	call	print_number
	movw	$says_sectors, %si
	call	print
	movb	HEADER + 10, %al
	call	print_number
	movw	$says_percent, %si
	call	print

	movw	$BUFFER_SEG, %ax
	movw	%ax, %es
	xorl	%edi, %edi		/* %edi: the slot, or the random generator's state */
	pushw	%cx
	movb	$0x80, %ch		/* what is written is not all zeroes: a host may store those as holes */
	rep stosw
	popw	%cx
	xorb	%bl, %bl		/* %bl: how much of a read is due, in percent */
work:
	testb	$1, HEADER + 11
	jz	1f
	imull	$1664525, %edi, %edi	/* Knuth's and Lewis's generator; its high bits choose the slot */
	addl	$1013904223, %edi
	movl	%edi, %eax
	mull	%ebp
	xchgl	%edx, %eax
	jmp	3f
1:	incl	%edi
	cmpl	%ebp, %edi
	jb	2f
	xorl	%edi, %edi
2:	movl	%edi, %eax
3:	mull	%ecx
	addl	$FIRST, %eax
	movb	$0x43, %bh
	addb	HEADER + 10, %bl
	cmpb	$100, %bl
	jb	4f
	subb	$100, %bl
	decb	%bh
4:	call	transfer
	jmp	work

/* One request: %bh = 0x42 to read or 0x43 to write, %cx sectors from %eax on, from or to %es:0.
 * Keeps all registers; comes back only when it went well. */
transfer:
	pushal
	pushl	$0			/* the disk address packet, from its end: upper half of the sector number */
	pushl	%eax
	pushw	%es
	pushw	$0
	pushw	%cx
	pushw	$16
	movw	%sp, %si
	movb	%bh, %ah
	movb	$0, %al
	movb	$DRIVE, %dl
	int	$0x13
	jc	1f
	addw	$16, %sp
	popal
	ret
1:	movb	%ah, %al
	movw	$failed, %si
	call	print
	call	print_number
	movw	$newline, %si
stop:
	call	print
	cli
1:	hlt
	jmp	1b

/* %al in decimal. */
print_number:
	aam
	pushw	%ax
	movb	%ah, %al
	testb	%al, %al
	jz	1f
	call	print_number
1:	popw	%ax
	addb	$'0', %al
/* The character in %al; spoils %dx. */
put:
	pushw	%ax
	movw	$COM1 + 5, %dx
1:	inb	%dx, %al
	testb	$LSR_ROOM, %al
	jz	1b
	popw	%ax
	movb	$COM1 & 0xff, %dl
	outb	%al, %dx
	ret

/* The text at %si, up to a zero byte. Keeps %ax. */
print:
	pushw	%ax
1:	lodsb
	testb	%al, %al
	jz	2f
	call	put
	jmp	1b
2:	popw	%ax
	ret

says_pulse:	.asciz	"pulse: "
no_disk:	.asciz	"no second disk\r\n"
no_header:	.asciz	"second disk has no pulse header\r\n"
too_small:	.asciz	"second disk is too small\r\n"
failed:		.asciz	"pulse: disk error "
says_sectors:	.asciz	" sectors a request, "
says_percent:	.ascii	" % reads"
newline:	.asciz	"\r\n"

	.org	_start + 510
	.word	0xaa55
