<?php

// Known answers of ciphers, hashes and big numbers.

use phpseclib3\Crypt\{AES, Blowfish, ChaCha20, DES, Hash, PublicKeyLoader, RC4, RSA, TripleDES};
use phpseclib3\File\ASN1;
use phpseclib3\Math\BigInteger;

foreach (['ecb', 'cbc', 'ctr', 'gcm', 'cfb', 'ofb'] as $mode) {
    $cipher = new AES($mode);
    $cipher->setKey(hex2bin('000102030405060708090a0b0c0d0e0f'));
    $mode === 'ecb' || ($mode === 'gcm' ? $cipher->setNonce(str_repeat("\1", 12)) : $cipher->setIV(str_repeat("\2", 16)));
    echo $mode, ' ', bin2hex($cipher->encrypt('the quick brown fox jumps')), ' ', $mode === 'gcm' ? bin2hex($cipher->getTag()) : '', "\n";
}
foreach ([new DES('ecb'), new TripleDES('ecb'), new Blowfish('ecb')] as $cipher) {
    $cipher->setPreferredEngine('PHP');
    $cipher->setKey(str_repeat('key12345', $cipher instanceof TripleDES ? 3 : 1));
    echo get_class($cipher), ' ', bin2hex($cipher->encrypt('plain')), "\n";
}
$stream = new RC4();
$stream->setKey('Key');
echo bin2hex($stream->encrypt('Plaintext')), "\n";
$chacha = new ChaCha20();
$chacha->setKey(str_repeat("\3", 32));
$chacha->setNonce(str_repeat("\4", 12));
echo bin2hex($chacha->encrypt('Plaintext')), "\n";
foreach (['md5', 'sha1', 'sha256', 'sha512/256', 'sha3-256', 'keccak256'] as $name) {
    echo $name, ' ', bin2hex((new Hash($name))->hash('abc')), "\n";
}
foreach (['PHP64', 'PHP32'] as $engine) {
    BigInteger::setEngine($engine);
    $number = new BigInteger('123456789012345678901234567890');
    echo $number->pow(new BigInteger(7)), ' ', $number->modInverse(new BigInteger('1000000007')), ' ', $number->powMod(new BigInteger(65537), new BigInteger('99999999977')), "\n";
}
foreach (["nothing of the kind", "-----BEGIN PUBLIC KEY-----\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDLC+Y8yiRaMjopD4L0BQ1w+35U\nrIBOw3WQFPSZ7WkVi6l6pGcbaVHelpciq0b29PR/fxv2HZtfGGkOrw3ZePQQNESw\nkHGfzkSlMVJK7CwEr9ibaqyc6mRfCi0Ru2G+7WZrRrGAvd0sY995WCOSJ/dtkQ0L\nsIx16s5IMYYdnzFbCQIDAQAB\n-----END PUBLIC KEY-----\n", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5+QvZRdgVitv3+s1IWwQGstU0Mk2\n2LydQ7m2a9kdGnZmCBb3r8Lw/52PYvwCBRA9nYRjvkNwDmAv4Whuw2k6vQ==\n-----END PUBLIC KEY-----\n"] as $text) {
    try {
        $key = PublicKeyLoader::load($text);
        echo get_class($key), ' ', $key->toString('OpenSSH', ['comment' => 'c']), "\n";
        var_dump($key->verify('message', str_repeat("\0", 128)));
    } catch (Exception $error) {
        echo get_class($error), ' ', $error->getMessage(), "\n";
    }
}
print_r(ASN1::decodeBER(hex2bin('3006020101020102'))[0]['type']);
echo implode(' ', RSA::getSupportedKeyFormats()), "\n";
