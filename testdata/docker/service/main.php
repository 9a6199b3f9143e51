<?php
$server = new SoapServer(null, ['uri' => 'urn:shop']);
$server->setClass(ArrayObject::class);
$sheet = new DOMDocument;
$sheet->loadXML('<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"/>');
$processor = new XSLTProcessor;
$processor->importStylesheet($sheet);
echo get_class($server), SOAP_1_2, XSL_CLONE_AUTO, "\n";
