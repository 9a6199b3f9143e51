<?
function short() {}
